Of a part that is surely given and a longer one at risk the sure one counts, when it is long enough.
---
root gives region: pad 0-12 of first as right
rival claims pad 2-5 as old
region gives old: pad 2-5 of right as lost
region reclaims lost as bare
node claims pad 1-4 least 1 as job
region gives job: pad 1-2 of right as sure
region gives job: pad 2-4 of right for 0 as risky
rival claims pad 6-9 as older
region gives older: pad 7-9 of right for 0 as gone
region reclaims gone as barer
node claims pad 6-9 least 2 as long
region gives long: pad 6-7 of right as first-hour
region gives long: pad 7-9 of right for 0 as others
may job at 1:30
may job at 2:30
may long at 7:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
old/0: firm [LEASE-5]: old is given through a proven chain from the charter; covered to 5
lost: firm [LEASE-5]: lost is given through a proven chain from the charter
bare: firm [RULE-2]: bare is said by one who is granted to say it
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 2
sure: firm [LEASE-5]: sure is given through a proven chain from the charter
risky: at risk [ORDER-4]: risky fits into right right by its giver's word alone; wait for the receiver's release
older/0: asked [LEASE-3]: older is not given whole
gone: firm [LEASE-5]: gone is given through a proven chain from the charter
barer: firm [RULE-2]: barer is said by one who is granted to say it
long/0: at risk [ORDER-4]: others fits into right right by its giver's word alone; wait for the receiver's release; covered to 9
first-hour: firm [LEASE-5]: first-hour is given through a proven chain from the charter
others: at risk [ORDER-4]: others fits into right right by its giver's word alone; wait for the receiver's release
pad is taken 1-2 by sure/0
pad is taken 2-4 by risky/0
pad is taken 2-5 by lost/0
pad is taken 6-7 by first-hour/0
pad is taken 7-9 by others/0
pad is taken 7-9 by gone/0
may job at 1:30? go until 1:59:58, on news of 1:28:02 before
may job at 2:30? hold, Over
may long at 7:30? at risk [ORDER-4]: others fits into right right by its giver's word alone; wait for the receiver's release
exception: long rests on what is at risk [ORDER-4]: others fits into right right by its giver's word alone; wait for the receiver's release
exception: at risk [ORDER-4]: risky fits into right right by its giver's word alone; wait for the receiver's release
exception: at risk [ORDER-4]: others fits into right right by its giver's word alone; wait for the receiver's release
