#!/usr/bin/python3
"""Pushes as programs do that are not git.

    push.py pygit2|dulwich REPOSITORY URL NAME PASSWORD BRANCH REF

BRANCH of REPOSITORY goes to REF. What the server says goes to standard output;
exit 1 where it took nothing.
"""
import sys


def with_pygit2(repository, url, name, password, branch, ref):
    import pygit2

    class Callbacks(pygit2.RemoteCallbacks):
        refused = None

        def credentials(self, _url, _name, _allowed):
            return pygit2.UserPass(name, password)

        def sideband_progress(self, string):
            sys.stdout.write(string)

        def push_update_reference(self, refname, message):
            if message is not None:
                self.refused = f"{refname}: {message}"

    callbacks = Callbacks()
    remotes = pygit2.Repository(repository).remotes
    remote = remotes.create("push.py", url)
    try:
        remote.push([f"refs/heads/{branch}:{ref}"], callbacks=callbacks)
    except pygit2.GitError as error:
        callbacks.refused = str(error)
    finally:
        remotes.delete("push.py")
    return callbacks.refused


def with_dulwich(repository, url, name, password, branch, ref):
    from dulwich import client, repo

    source = repo.Repo(repository)
    new = source.refs[f"refs/heads/{branch}".encode()]
    server, path = client.get_transport_and_path(
        url, username=name, password=password
    )
    result = server.send_pack(
        path,
        lambda refs: {ref.encode(): new},
        source.generate_pack_data,
        progress=lambda data: sys.stdout.write(data.decode()),
    )
    return (result.ref_status or {}).get(ref.encode())


if __name__ == "__main__":
    how = {"pygit2": with_pygit2, "dulwich": with_dulwich}[sys.argv[1]]
    REFUSED = how(*sys.argv[2:])
    if REFUSED:
        print(f"refused: {REFUSED}")
        sys.exit(1)
