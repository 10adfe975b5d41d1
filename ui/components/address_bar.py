"""Keeps the page's address up to date without filling the browser's history.

`st.query_params` adds an entry at each change, so that the Back button would walk through every
edit instead of leaving the page.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

_JS = """
export default function ({ data }) {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(data.params)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  if (url.href !== window.location.href) {
    window.history.replaceState(window.history.state, '', url);
  }
}
"""
_component = st.components.v2.component("fmnist_address_bar", html="<span></span>", js=_JS)


def address_bar(params: Mapping[str, str], *, page: str) -> None:
    """Show these query parameters in the address of a page; an empty one is taken out."""
    _component(key=f"address-bar-{page}", data={"params": dict(params), "page": page}, height=1)
