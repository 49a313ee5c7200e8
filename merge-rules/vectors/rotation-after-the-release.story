Who releases before the rotation leaves its place at once; and the old key's own release frees the place after it too,
for it is the holder's word that it has left [BACK-2].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
node claims pad 4-6 as more
region gives job: pad 1-3 of right as grant
region gives more: pad 4-6 of right as second
node releases job as before
node-next rotates cutting node 3
node releases more as after
may more at 5
free pad 1-3 at 2
free pad 4-6 at 5
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: ended [BACK-2]: job was released by before
more/0: ended [BACK-2]: more was released by after
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
second: firm [LEASE-5]: second is given through a proven chain from the charter
before: firm [RULE-2]: before is said by one who is granted to say it
after: revoked [ROT-1]: after stands above slot 3 of log node, where the next key's log node-next cuts it
may more at 5? hold, [ROT-2]: the key of its log was rotated by log node-next; the lease ends by time, so claim anew with the next key
is pad free 1-3? free, on news of 1:58:02 before
is pad free 4-6? free, on news of 4:58:02 before
exception: ended [BACK-2]: job was released by before
exception: ended [BACK-2]: more was released by after
