"""A small trading company on each database in turn."""

import pytest

from tests.integration.records_reading.factory import Shop, open_shop, role
from zhangshi.platform.unit_of_work import Company

_SELLER = """
  sales_order: {actions: [read, comment, attach, export], rows: "owner = USER()"}
  partner: {actions: [read], fields: {credit: none, phone: mask}}
  item: {actions: [read]}
  delivery: {actions: [read]}"""
ROLES = (role("seller", _SELLER), role("buyer", "{item: {actions: [read]}}"))


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company, *ROLES)
