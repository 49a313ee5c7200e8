Whoever needs co-signers may not deny [COSIGN-3].
---
safety enrols 10 as third roles act+deny needs 1 rival
third claims track 1-2 as job
rival-safety cosigns third as one
---
third: void [COSIGN-3]: third is void: who needs co-signers neither denies nor verifies
job/0: void [COSIGN-3]: third is void: who needs co-signers neither denies nor verifies
one: firm [RULE-2]: one is said by one who is granted to say it
exception: job rests on what is void [COSIGN-3]: third is void: who needs co-signers neither denies nor verifies
exception: void [COSIGN-3]: third is void: who needs co-signers neither denies nor verifies
