#include "gateway/tls_files.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace mutirao::gateway {
namespace {

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using certificate_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free>>;
using store_ptr = std::unique_ptr<X509_STORE, freeing<X509_STORE_free>>;
using context_ptr = std::unique_ptr<X509_STORE_CTX, freeing<X509_STORE_CTX_free>>;
using chain_ptr =
    std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * chain) { sk_X509_free(chain); })>;

using complaint = tl::unexpected<std::string>;

tl::expected<std::string, std::string> read_file(const std::string& option,
                                                 const std::string& path) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem)) {
    return complaint("--" + option + ": \"" + path + "\" is a directory");
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad() || text.empty()) {
    return complaint("--" + option + ": cannot read \"" + path + "\"");
  }
  return text;
}

bio_ptr reading(const std::string& text) {
  return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// No key with a passphrase: nobody is there to type it.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

std::vector<certificate_ptr> certificates_in(const std::string& text) {
  std::vector<certificate_ptr> all;
  const auto from = reading(text);
  while (X509* const one = PEM_read_bio_X509(from.get(), nullptr, no_passphrase, nullptr)) {
    all.emplace_back(one);
  }
  ERR_clear_error();
  return all;
}

key_ptr key_in(const std::string& text) {
  key_ptr key(PEM_read_bio_PrivateKey(reading(text).get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  return key;
}

// Empty: the certificate leads to one of the CA's and is valid now. Else why not.
std::string verify(const std::vector<certificate_ptr>& own,
                   const std::vector<certificate_ptr>& ca) {
  const store_ptr store(X509_STORE_new());
  for (const auto& each : ca) X509_STORE_add_cert(store.get(), each.get());
  const chain_ptr between(sk_X509_new_null());
  for (std::size_t i = 1; i < own.size(); ++i) sk_X509_push(between.get(), own[i].get());
  const context_ptr context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), own.front().get(), between.get());
  if (X509_verify_cert(context.get()) == 1) return {};
  const int why = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  return X509_verify_cert_error_string(why);
}

tl::expected<void, std::string> check(const tls_paths& from, const tls_paths& texts) {
  const auto own = certificates_in(texts.certificate);
  if (own.empty())
    return complaint("--certificate: no PEM certificate in \"" + from.certificate + "\"");
  const auto key = key_in(texts.key);
  if (!key) {
    return complaint("--key: no PEM key, or one with a passphrase, in \"" + from.key + "\"");
  }
  if (X509_check_private_key(own.front().get(), key.get()) != 1) {
    ERR_clear_error();
    return complaint("--key: \"" + from.key + "\" is not the key of \"" + from.certificate + "\"");
  }
  const auto ca = certificates_in(texts.ca);
  if (ca.empty()) return complaint("--ca: no PEM certificate in \"" + from.ca + "\"");
  if (const auto why = verify(own, ca); !why.empty()) {
    return complaint("--certificate: \"" + from.certificate + "\" is not accepted under \"" +
                     from.ca + "\": " + why);
  }
  return {};
}

int in_memory(const std::string& text) {
  const int descriptor = ::memfd_create("mutirao-tls", MFD_CLOEXEC);
  if (descriptor < 0) return -1;
  for (std::size_t at = 0; at < text.size();) {
    const auto wrote = ::write(descriptor, text.data() + at, text.size() - at);
    if (wrote <= 0) break;
    at += static_cast<std::size_t>(wrote);
  }
  return descriptor;
}

}  // namespace

tl::expected<tls_files, std::string> tls_files::load(const tls_paths& from) {
  tls_paths texts;
  const std::array<std::pair<const char*, std::string tls_paths::*>, 3> parts{
      {{"certificate", &tls_paths::certificate}, {"key", &tls_paths::key}, {"ca", &tls_paths::ca}}};
  for (const auto& [option, part] : parts) {
    auto text = read_file(option, from.*part);
    if (!text) return complaint(text.error());
    texts.*part = *std::move(text);
  }
  if (auto right = check(from, texts); !right) return complaint(right.error());

  tls_files made;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = parts[i].second;
    made.descriptors_[i] = in_memory(texts.*part);
    if (made.descriptors_[i] < 0) return complaint("no memory for the certificates");
    made.paths_.*part = "/proc/self/fd/" + std::to_string(made.descriptors_[i]);
  }
  return made;
}

tls_files::tls_files(tls_files&& other) noexcept
    : descriptors_(std::exchange(other.descriptors_, {-1, -1, -1})),
      paths_(std::move(other.paths_)) {}

tls_files::~tls_files() {
  for (const int each : descriptors_) {
    if (each >= 0) ::close(each);
  }
}

}  // namespace mutirao::gateway
