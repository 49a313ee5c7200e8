After a rotation nobody acts by what the old key's log holds, above its cut or below it. It stands and occupies until its
window has passed [ROT-2].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node-next rotates cutting node 1
may job at 2
may job by node-next at 2
free pad 1-3 at 2
free pad 4-6 at 4
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 2? hold, [ROT-2]: the key of its log was rotated by log node-next; the lease ends by time, so claim anew with the next key
may job by node-next at 2? hold, [ROT-2]: the key of its log was rotated by log node-next; the lease ends by time, so claim anew with the next key
is pad free 1-3? no, grant
is pad free 4-6? free, on news of 3:58:02 before
