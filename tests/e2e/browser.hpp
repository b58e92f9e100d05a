// Debian's Chromium without a screen, showing one page.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/background_process.hpp"

namespace mutirao::e2e {

class browser {
 public:
  /// Keeps its files in `folder`.
  browser(const std::filesystem::path& folder, const std::string& url)
      : process_(
            {{"chromium", "--headless=new",
              "--no-sandbox",  // as root it refuses else
              "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
              "--enable-logging=stderr", "--user-data-dir=" + (folder / "profile").string(), url},
             (std::filesystem::create_directories(folder), folder / "browser.out"),
             {{"HOME", folder.string()}}}) {}

  /// What the page wrote to its console, among what the browser itself complains of.
  std::string output() const { return process_.output(); }

 private:
  testing::background_process process_;
};

}  // namespace mutirao::e2e
