A right that was given on cannot be returned: the reclaim proves nothing.
---
root gives region: pad 0-12 of first as right
region gives node: pad 2-6 of right as lower
node claims pad 2-4 of lower as job
node returns lower as back
region reclaims lower by back
rival claims pad 2-6 as late
region gives late: pad 2-6 of right as again
may job at 3
may late at 3
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
lower: firm [LEASE-5]: lower is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 4
back: firm [RULE-2]: back is said by one who is granted to say it
late/0: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release; covered to 6
again: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
pad is taken 2-4 by job/0
pad is taken 2-6 by again/0
may job at 3? go until 3:59:58, on news of 2:58:02 before
may late at 3? at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: overdrawn [ORDER-2]: back is more than right lower had left when it was given
exception: late rests on what is at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
exception: at risk [ORDER-4]: again fits into right right by its giver's word alone; wait for the receiver's release
