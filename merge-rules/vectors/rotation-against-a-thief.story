Who stole the old key forks the old log above the cut: what lies below it stands.
---
node claims pad 1-3 as job
node claims track 1-2 as stolen
node-next rotates cutting node 1
node beside 1 claims track 2-3 as more
---
job/0: asked [LEASE-3]: job is not given whole
stolen: nothing is known of it
more: nothing is known of it
exception: log node was forked in slot 2
