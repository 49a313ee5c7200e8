A fork in the first slot of the next key's log cuts the old key at zero.
---
node claims pad 1-3 as job
node-next rotates cutting node 1
node-next beside 0 rotates
---
job/0: revoked [ROT-1]: job stands above slot 0 of log node, where the next key's log node-next cuts it
exception: revoked [ROT-1]: job stands above slot 0 of log node, where the next key's log node-next cuts it
exception: log node-next was forked in slot 1
