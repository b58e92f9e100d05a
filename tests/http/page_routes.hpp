// Which routes are the page's and not the API's.
#pragma once

#include "http/router.hpp"
#include "http/routes/page.hpp"

namespace mutirao::http {

inline bool is_of_page(const route& one) {
  return one.run == routes::page || one.run == routes::page_asset || one.run == routes::page_icon;
}

}  // namespace mutirao::http
