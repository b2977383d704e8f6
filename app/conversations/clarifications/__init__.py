"""Questions on a need, a programme or a course: answered for all who may see the record; nobody learns who asked."""
