#!/bin/sh
# Who pushes: one source, agreeing sources, nobody.
. "${0%/*}/lib.sh"
server
standard_policy
sed -i 's/from: \[REMOTE_USER\]/from: [GL_USER, REMOTE_USER]/' "$tmp/server.yml"
clone
c=$(commit a.txt one)
out=$(git push origin "$c:refs/heads/feature/a" 2>&1)
rc=$?
refused push.identity 'nobody is refused'
out=$(REMOTE_USER='' git push origin "$c:refs/heads/feature/a" 2>&1)
rc=$?
refused push.identity 'a variable that is set but empty is not set'
out=$(REMOTE_USER=alice GL_USER=bob git push origin "$c:refs/heads/feature/a" 2>&1)
rc=$?
refused push.identity 'sources that disagree are nobody'
out=$(REMOTE_USER=mallory git push origin "$c:refs/heads/feature/a" 2>&1)
rc=$?
refused push.role 'somebody in no role may not push'
out=$(REMOTE_USER=$(printf 'ali\033[31mce') git push origin "$c:refs/heads/feature/a" 2>&1)
rc=$?
refused push.identity 'a name with control bytes is nobody'
unlike "$out" "$(printf '\033\\[31mce')" 'and is not echoed to the terminal'
out=$(REMOTE_USER=alice GL_USER=alice git push origin "$c:refs/heads/feature/a" 2>&1)
rc=$?
accepted 'sources that agree count'
ledger_has '^Pusher: alice' 'recorded under that name'
sed -i -e 's/from: \[GL_USER, REMOTE_USER\]/from: [os-user]/' -e "s/developers: \[alice, bob\]/developers: [$(id -un)]/" -e 's/version: .*/version: 1.1.0/' "$tmp/server.yml"
d=$(commit b.txt two)
out=$(REMOTE_USER=alice git push origin "$d:refs/heads/feature/a" 2>&1)
rc=$?
accepted 'os-user is the account that runs the hook'
ledger_has "^Pusher: $(id -un)" 'and no variable changes that'
finish
