Who holds a right may return it whatever it is enrolled for; who reclaims must be enrolled to give.
---
safety enrols 10 roles act as third
root gives third: pad 0-12 of first as right
third claims pad 1-3 of right as job
third reclaims job as own-word
third returns right as back
---
third: firm [GRANT-1]: third is granted from the charter
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
own-word: void [LEASE-6]: own-word is void: its author is not enrolled for this role
back: firm [RULE-2]: back is said by one who is granted to say it
pad is taken 1-3 by job/0
exception: void [LEASE-6]: own-word is void: its author is not enrolled for this role
