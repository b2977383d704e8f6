import time,json
def test_x(client, world, tx, app):
    org=world.organisation(country="CV"); need = world.need(org, themes=["prisons"])
    r=client.get("/api/v1/needs"); print(r.status_code, r.text[:1500])
    r=client.get(f"/api/v1/needs/{need.ref}"); print(r.status_code, r.headers, r.text[:3000])
    t=time.time(); r=client.get("/api/v1/openapi.json"); print(r.status_code, len(r.text), time.time()-t)
    print(json.dumps(r.json["components"]["schemas"]["NeedPosted"],indent=0)[:3000])
    print(client.get("/api/v1/nothing").text, client.post("/api/v1/needs", json={}, csrf=False).text, client.get("/api/v1/needs?theme=x&bla=1").text)
    t=time.time(); r=client.get("/api"); print(r.status_code,len(r.text),time.time()-t)
