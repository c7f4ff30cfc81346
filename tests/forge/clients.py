"""Drives the forge of the tests with clients that others wrote: PyGithub, and python-gitlab.

    clients.py github|gitlab ADDRESS TOKEN BRANCH TAG

There is an open pull request from BRANCH to `main`, and TAG has no release. Afterwards the pull request is retitled, labelled,
commented on and closed, and TAG has a release with one file.
"""

import pathlib
import sys
import tempfile

TITLE, LABEL, COMMENT, NOTES = "A better title", "seen", "Looks good.", "What is new."


def github(address, token, branch, tag):
    import github

    auth = github.Auth.Token(token)
    client = github.Github(base_url=f"{address}/api/v3", auth=auth, retry=None, seconds_between_requests=0, lazy=True)
    repo = client.get_repo("acme/tea")
    assert [pull.number for pull in repo.get_pulls(head="acme:elsewhere", base="main")] == []
    (pull,) = repo.get_pulls(state="open", head=f"acme:{branch}", base="main")
    assert (pull.head.ref, pull.base.ref, pull.state, pull.merged) == (branch, "main", "open", False)
    try:
        repo.create_pull(base="main", head=branch, title="Another", body="", draft=False)
        raise SystemExit("a second pull request from the same branch was opened")
    except github.GithubException as error:
        assert error.status == 422, error
    pull.edit(title=TITLE)
    pull.add_to_labels(LABEL)
    pull.create_issue_comment(COMMENT)
    found = repo.get_pull(pull.number)
    assert (found.title, [label.name for label in found.labels]) == (TITLE, [LABEL])
    assert [comment.body for comment in found.get_issue_comments()] == [COMMENT]
    found.edit(state="closed")
    assert repo.get_pull(pull.number).state == "closed"

    release = repo.create_git_release(tag, "Tea", NOTES, draft=True)
    assert release.draft and [it.tag_name for it in repo.get_releases()] == [tag]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "tea.txt"
        path.write_text("leaves\n", encoding="utf-8")
        asset = release.upload_asset(str(path), content_type="text/plain")
        assert (asset.name, asset.size, asset.state) == ("tea.txt", 7, "uploaded")
        extra = release.upload_asset(str(path), name="extra.txt", content_type="text/plain")
    extra.delete_asset()
    assert [it.name for it in release.get_assets()] == ["tea.txt"]
    shown = release.update_release("Tea", NOTES, draft=False)
    assert not shown.draft and shown.body == NOTES


def gitlab(address, token, branch, tag):
    import gitlab

    client = gitlab.Gitlab(address, private_token=token)
    project = client.projects.get("acme/tea", lazy=True)
    found = project.mergerequests.list(state="opened", source_branch="elsewhere", get_all=True)
    assert found == []
    (listed,) = project.mergerequests.list(state="opened", source_branch=branch, target_branch="main", get_all=True)
    request = project.mergerequests.get(listed.iid)
    assert (request.source_branch, request.target_branch, request.state) == (branch, "main", "opened")
    try:
        project.mergerequests.create({"source_branch": branch, "target_branch": "main", "title": "Another"})
        raise SystemExit("a second merge request from the same branch was opened")
    except gitlab.GitlabCreateError as error:
        assert error.response_code == 409, error
    request.title, request.labels = TITLE, [LABEL]
    request.save()
    request.notes.create({"body": COMMENT})
    found = project.mergerequests.get(listed.iid)
    assert (found.title, found.labels) == (TITLE, [LABEL])
    assert [note.body for note in found.notes.list(get_all=True)] == [COMMENT]
    found.state_event = "close"
    found.save()
    assert project.mergerequests.get(listed.iid).state == "closed"

    release = project.releases.create({"tag_name": tag, "name": "Tea", "description": NOTES})
    assert (release.tag_name, release.description) == (tag, NOTES)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "tea.txt"
        path.write_text("leaves\n", encoding="utf-8")
        project.generic_packages.upload("release", tag, "tea.txt", path=path)
    release.links.create({"name": "tea.txt", "url": f"{address}/tea.txt"})
    extra = release.links.create({"name": "extra.txt", "url": f"{address}/extra.txt"})
    extra.delete()
    assert [link.name for link in project.releases.get(tag).links.list(get_all=True)] == ["tea.txt"]


if __name__ == "__main__":
    {"github": github, "gitlab": gitlab}[sys.argv[1]](*sys.argv[2:])
