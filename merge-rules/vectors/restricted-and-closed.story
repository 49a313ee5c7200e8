A closing from strictly above ends a notice of the future; one by its own author does not [RESTRICT-3].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region restricts a/b kind 70 fact 99 as stop
region restricts a/b kind 70 fact 98 as more
safety closes more as vain
root-safety closes stop as end
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until the end by more [RESTRICT-2]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
vain: firm [RULE-2]: vain is said by one who is granted to say it
end: firm [RULE-2]: end is said by one who is granted to say it
pad is taken 1-3 by grant/0
may job at 2? hold, suspended until the end by more [RESTRICT-2]
