"""Asking the access doctor, and reading what it answers."""

ADDRESS = "/acces/"


def ask(client, application="inventaire-epi", place=None):
    query = {"application": application}
    if place:
        query["etablissement"] = place.finess
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    response.diagnosis = response.context["diagnosis"]
    response.missing = [one.key for one in response.diagnosis.unmet]
    return response


def told(response, key):
    """What one condition says."""
    return next(one.detail for one in response.diagnosis.conditions if one.key == key)
