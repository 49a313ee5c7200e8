Whoever needs two co-signers counts once both have signed: until then what it claims and gives is unknown, and what it
takes is taken [COSIGN-2].
---
safety enrols 10 as third needs 2 region rival
root gives third: pad 0-6 of first as right
third claims pad 1-3 of right as job
safety cosigns third as one
rival-safety cosigns third as two
may job at 2
---
third: firm [GRANT-1]: third is granted from the charter
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
one: firm [RULE-2]: one is said by one who is granted to say it
two: firm [RULE-2]: two is said by one who is granted to say it
pad is taken 1-3 by job/0
may job at 2? go until 2:59:58, on news of 1:57:02 before
