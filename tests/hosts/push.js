// Pushes as isomorphic-git does, which is to be in NODE_PATH.
//
//	push.js REPOSITORY URL NAME PASSWORD BRANCH REF
//
// BRANCH of REPOSITORY goes to REF. What the server says goes to standard
// output; exit 1 where it took nothing.
const fs = require('fs')
const git = require('isomorphic-git')
const http = require('isomorphic-git/http/node')

const [dir, url, username, password, branch, remoteRef] = process.argv.slice(2)

git.push({
	fs,
	http,
	dir,
	url,
	ref: branch,
	remoteRef,
	onAuth: () => ({ username, password }),
	onMessage: (message) => process.stdout.write(message),
}).catch((error) => {
	console.log(`refused: ${error.message}`)
	process.exitCode = 1
})
