A notice of a kind that this version does not know suspends what lies below its author's anchor in its scope
[RESTRICT-2].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region claims pad 4-6 of right as own
region gives job: pad 1-3 of right as grant
region restricts a/b kind 70 fact 99 until 2:00 as stop
may job at 1:30
may job at 2:30
may own at 5
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until 2 by stop [RESTRICT-2]
own/0: firm [LEASE-5]: own is given through a proven chain from the charter; covered to 6
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
pad is taken 4-6 by own/0
may job at 1:30? hold, suspended until 2 by stop [RESTRICT-2]
may job at 2:30? go until 2:59:58, on news of 2:28:02 before
may own at 5? go until 5:59:58, on news of 4:58:02 before
