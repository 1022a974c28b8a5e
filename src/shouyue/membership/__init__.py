"""Membership (clause 5.1): points kept like a bank's, and what members have from being members."""
