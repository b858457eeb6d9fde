#!/usr/bin/env node
// Starts an installed package. Old syntax on purpose: a Node that is too old has to run this file
// to say so. The script `runbook` beside it starts a checkout.
'use strict';

const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { homedir } = require('node:os');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const oldest = [22, 22];

function refuse(code, what, why, fix) {
  process.stderr.write(`error ${code}: ${what}\n  why   ${why}\n  fix   ${fix}\n`);
  process.exit(2);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  refuse(
    'RB_NODE_VERSION',
    `runbook needs Node >= ${oldest.join('.')}, and this is ${process.versions.node}`,
    `the first node on PATH is ${process.execPath}`,
    'install a newer Node, or put the folder of one first on PATH',
  );
}

const main = join(__dirname, '..', 'dist', 'client', 'main.js');
if (!existsSync(main)) {
  refuse(
    'RB_NOT_BUILT',
    'this folder was not built',
    `there is no file ${main}`,
    'run npm run build',
  );
}

// Compiled once, not at every start; the variable is for the processes that this one starts.
const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
process.env.NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE || join(caches, 'runbook', 'code');
enableCompileCache(process.env.NODE_COMPILE_CACHE);
void import(pathToFileURL(main).href);
