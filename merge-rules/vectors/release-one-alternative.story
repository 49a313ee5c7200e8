The release of one alternative leaves the other.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 ; pad 4-6 alternatives 0 1 as job
region gives job: pad 1-3 of right for 0
region gives job: pad 4-6 of right for 1 alternative 1
node releases job alternatives 0 as end
may job at 2
may job alternative 1 at 5
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: ended [BACK-2]: job was released by end
job/1: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 6
end: firm [RULE-2]: end is said by one who is granted to say it
pad is taken 4-6 by region:2/0
may job at 2? hold, ended [BACK-2]: job was released by end
may job at 5? go until 5:59:58, on news of 4:58:02 before
