The next key cuts the logs of the old one, and goes on.
---
node claims pad 1-3 as job
node claims track 1-2 as stolen
node-next rotates cutting node 1
node-next claims track 4-5 as own
---
job/0: asked [LEASE-3]: job is not given whole
stolen/0: revoked [ROT-1]: stolen stands above slot 1 of log node, where the next key's log node-next cuts it
own/0: provisional [OPEN-1]: own contends for an open resource, and no known claim goes first
track is taken 1-2 by stolen/0
track is taken 4-5 by own/0
exception: revoked [ROT-1]: stolen stands above slot 1 of log node, where the next key's log node-next cuts it
