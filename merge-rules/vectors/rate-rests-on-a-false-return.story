A rate that was given on does not come back by its return, and what is beside it still counts.
---
root gives region: power 0-12 x10 of first as mains
region gives node: power 2-6 x4 of mains as lower
region gives rival: power 2-6 x6 of mains as other
node claims power 2-4 x1 of lower as job
node returns lower as back
region reclaims lower by back
rival claims power 2-6 x4 as late
region gives late: power 2-6 x4 of mains as again
may late at 3
---
mains: firm [LEASE-5]: mains is given through a proven chain from the charter
lower: firm [LEASE-5]: lower is given through a proven chain from the charter
other: firm [LEASE-5]: other is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 4
back: firm [RULE-2]: back is said by one who is granted to say it
late/0: at risk [ORDER-4]: again fits into right mains by its giver's word alone; wait for the receiver's release; covered to 6
again: at risk [ORDER-4]: again fits into right mains by its giver's word alone; wait for the receiver's release
power is taken 2-4 by job/0
power is taken 2-6 by again/0
may late at 3? at risk [ORDER-4]: again fits into right mains by its giver's word alone; wait for the receiver's release
exception: overdrawn [ORDER-2]: back is more than right lower had left when it was given
exception: late rests on what is at risk [ORDER-4]: again fits into right mains by its giver's word alone; wait for the receiver's release
exception: at risk [ORDER-4]: again fits into right mains by its giver's word alone; wait for the receiver's release
