// The page: one document at every address that it shows something at, and its assets, which never
// change at their addresses. Without token.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// GET / and the page's own addresses.
void page(const exchange_ptr& at);
/// Whether who asks at an address that is not there is a browser that would show the page.
bool wants_page(const request& what);
/// The page, which says that nothing is there, with 404.
void page_of_nothing(const exchange& at);
/// GET /assets/:hash/...: 404 for a file that this build does not have.
void page_asset(const exchange_ptr& at);
/// GET /favicon.ico: the page's icon, where browsers look for one by themselves.
void page_icon(const exchange_ptr& at);

}  // namespace mutirao::http::routes
