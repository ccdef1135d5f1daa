// JSON reader in POSIX awk for Consul's answers, because neither the images of PgBouncer nor GitLab's Linux package have a JSON
// program for shells. It validates the whole text, splits it into paths and values, and prints the leading instances.

/**
 * Reads Consul's answer about a service and prints `host port` for each leading instance; exits with 2 for an invalid answer and with 6
 * for an answer without any instance: a token without rights gets the same answer, so it does not show that there is no leader.
 */
export const INSTANCES_AWK = String.raw`
# Variables from outside: tags (comma-separated, an instance leads with one of them; empty: every healthy one leads),
# from (address or node: what is printed as the host).
{ text = text $0 "\n" }
END {
  at = 1
  blank()
  if (substr(text, at, 1) != "[") bad("the answer is no list")
  read("")
  blank()
  if (at <= length(text)) bad("there is something after the list")
  count = size[""] + 0
  if (count == 0) exit 6
  for (i = 0; i < count; i++) if (leads(i)) print host(i), port(i)
}
function bad(why) { if (failed) return; failed = 1; print "the answer cannot be read: " why > "/dev/stderr"; exit 2 }
function blank() { while (index(" \t\r\n", substr(text, at, 1)) && at <= length(text)) at++ }
function read(path,   c, n, key, rest) {
  blank()
  c = substr(text, at, 1)
  if (c == "{") {
    at++; blank()
    if (substr(text, at, 1) == "}") { at++; return }
    while (1) {
      blank(); key = string(); blank()
      if (substr(text, at, 1) != ":") bad("a colon is missing")
      at++
      read(path == "" ? key : path "." key)
      blank(); c = substr(text, at++, 1)
      if (c == "}") return
      if (c != ",") bad("an object does not end")
    }
  }
  if (c == "[") {
    at++; blank()
    size[path] = 0
    if (substr(text, at, 1) == "]") { at++; return }
    for (n = 0; ; n++) {
      size[path] = n + 1
      read(path == "" ? n : path "." n)
      blank(); c = substr(text, at++, 1)
      if (c == "]") return
      if (c != ",") bad("a list does not end")
    }
  }
  if (c == "\"") { value[path] = string(); return }
  rest = substr(text, at, 40)
  if (match(rest, /^(true|false|null|-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?)/)) {
    value[path] = substr(rest, 1, RLENGTH); at += RLENGTH; return
  }
  bad("a value is missing")
}
function string(   out, c) {
  if (substr(text, at, 1) != "\"") bad("a text is missing")
  at++
  out = ""
  while (at <= length(text)) {
    c = substr(text, at++, 1)
    if (c == "\"") return out
    if (c == "\n") bad("a text does not end")
    if (c == "\\") {
      c = substr(text, at++, 1)
      # Names and addresses are ASCII; anything else is only stepped over, and refused where it is used.
      if (c == "u") { at += 4; c = "?" }
      else if (index("bfnrt", c)) c = "?"
    }
    out = out c
  }
  bad("a text does not end")
}
function leads(i,   n, c, t, wanted, w) {
  n = size[i ".Checks"] + 0
  if (n == 0) return 0
  for (c = 0; c < n; c++) if (value[i ".Checks." c ".Status"] != "passing") return 0
  if (tags == "") return 1
  w = split(tags, wanted, ",")
  n = size[i ".Service.Tags"] + 0
  for (t = 0; t < n; t++) for (c = 1; c <= w; c++) if (value[i ".Service.Tags." t] == wanted[c]) return 1
  return 0
}
function host(i,   h) {
  h = from == "node" ? value[i ".Node.Node"] : value[i ".Service.Address"]
  if (h == "") h = value[i ".Node.Address"]
  if (h !~ /^[A-Za-z0-9._:-]+$/) bad("a host has a strange name")
  return h
}
function port(i,   p) {
  p = value[i ".Service.Port"]
  if (p !~ /^[0-9]+$/ || p < 1 || p > 65535) bad("a port is none")
  return p
}
`;
