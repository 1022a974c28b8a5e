"""The door of the papers: the contract and what belongs to it as documents to hand over."""

from shouyue.agreement.papers.queries import annex_paper, contract_paper, termination_paper

__all__ = ["annex_paper", "contract_paper", "termination_paper"]
