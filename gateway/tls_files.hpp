// Certificate, key and CA, checked before CAF sees them: given none it would let anybody in by an
// anonymous cipher, and given what it cannot read it would end the process at the first connection.
#pragma once

#include <array>
#include <string>
#include <tl/expected.hpp>

namespace mutirao::gateway {

/// PEM files.
struct tls_paths {
  std::string certificate;  // ours, then those between it and the CA
  std::string key;
  std::string ca;
};

/// The files as they were when they were checked, in memory: what happens to them later, CAF reads
/// these at every connection.
class tls_files {
 public:
  /// The error names the file and says what is wrong: that it cannot be read, is no PEM, that the
  /// key is another certificate's, that the certificate is not the CA's, or not valid now.
  static tl::expected<tls_files, std::string> load(const tls_paths& from);
  ~tls_files();
  tls_files(tls_files&& other) noexcept;
  tls_files(const tls_files&) = delete;
  tls_files& operator=(const tls_files&) = delete;
  tls_files& operator=(tls_files&&) = delete;

  /// Good within this process, as long as this lives.
  const tls_paths& paths() const { return paths_; }

 private:
  tls_files() = default;
  std::array<int, 3> descriptors_{-1, -1, -1};
  tls_paths paths_;
};

}  // namespace mutirao::gateway
