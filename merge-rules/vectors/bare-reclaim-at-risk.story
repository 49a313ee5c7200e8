After a reclaim on bare word the next give is at risk, and the first lease stands.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region reclaims grant
rival claims pad 1-3 as late
region gives late: pad 1-3 of right as again
may job at 2
may late at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
late/0: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release; covered to 3
again: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
pad is taken 1-3 by grant/0
pad is taken 1-3 by again/0
may job at 2? go until 2:59:58, on news of 1:58:02 before
may late at 2? at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: late rests on what is at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
