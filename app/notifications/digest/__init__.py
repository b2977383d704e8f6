"""What a mail with news says, put together at the moment when it is sent."""
