Who stole the old key forks the old log below the cut: it takes its own entries away, and un-cuts nothing.
---
node claims pad 1-3 as job
node claims pad 5-6 as more
node-next rotates cutting node 1
node beside 0 claims track 1-2 as stolen
---
job: nothing is known of it
more: nothing is known of it
stolen: nothing is known of it
exception: log node was forked in slot 1
