#include "app/certificates.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

namespace mutirao::app {
namespace {

namespace fs = std::filesystem;

constexpr long ca_days = 3650;
constexpr long day_seconds = 86'400;
constexpr long clocks_differ_seconds = 3'600;
constexpr int serial_bits = 127;
constexpr std::size_t longest_name = 64;

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using certificate_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freeing<X509_EXTENSION_free>>;
using number_ptr = std::unique_ptr<BIGNUM, freeing<BN_free>>;
using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free>>;

struct identity {
  certificate_ptr certificate;
  key_ptr key;
};

bool add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  const extension_ptr made(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return made && X509_add_ext(to, made.get(), -1) == 1;
}

bool set_serial(X509* of) {
  const number_ptr number(BN_new());
  return number && BN_rand(number.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(of)) != nullptr;
}

// A certificate of `name` for `key`, without extensions and signature.
certificate_ptr bare_certificate(const std::string& name, EVP_PKEY* key, long days) {
  certificate_ptr made(X509_new());
  if (!made || X509_set_version(made.get(), X509_VERSION_3) != 1 || !set_serial(made.get()) ||
      X509_gmtime_adj(X509_getm_notBefore(made.get()), -clocks_differ_seconds) == nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(made.get()), days * day_seconds) == nullptr ||
      X509_set_pubkey(made.get(), key) != 1 ||
      X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                                 0) != 1) {
    return nullptr;
  }
  return made;
}

identity make_ca() {
  identity ca;
  ca.key.reset(EVP_EC_gen("P-256"));
  if (!ca.key) return {};
  ca.certificate = bare_certificate("Mutirao gateway CA", ca.key.get(), ca_days);
  X509* const own = ca.certificate.get();
  const bool done = own != nullptr && X509_set_issuer_name(own, X509_get_subject_name(own)) == 1 &&
                    add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    add_extension(own, own, NID_subject_key_identifier, "hash") &&
                    X509_sign(own, ca.key.get(), EVP_sha256()) > 0;
  return done ? std::move(ca) : identity{};
}

identity make_node(const std::string& name, long days, const identity& ca) {
  identity node;
  node.key.reset(EVP_EC_gen("P-256"));
  if (!node.key) return {};
  node.certificate = bare_certificate(name, node.key.get(), days);
  X509* const own = node.certificate.get();
  X509* const issuer = ca.certificate.get();
  const bool done = own != nullptr &&
                    X509_set_issuer_name(own, X509_get_subject_name(issuer)) == 1 &&
                    add_extension(own, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(own, issuer, NID_key_usage, "critical,digitalSignature") &&
                    add_extension(own, issuer, NID_ext_key_usage, "serverAuth,clientAuth") &&
                    add_extension(own, issuer, NID_subject_key_identifier, "hash") &&
                    add_extension(own, issuer, NID_authority_key_identifier, "keyid") &&
                    add_extension(own, issuer, NID_subject_alt_name, "DNS:" + name) &&
                    X509_sign(own, ca.key.get(), EVP_sha256()) > 0;
  return done ? std::move(node) : identity{};
}

fs::path certificate_file(const fs::path& folder, const std::string& name) {
  return folder / (name + ".pem");
}
fs::path key_file(const fs::path& folder, const std::string& name) {
  return folder / (name + ".key");
}

tl::unexpected<error> cannot(const std::string& what, const fs::path& file) {
  return fail(errc::internal, "cannot " + what + " \"" + file.string() + "\"");
}

// Beside it first, so that a crash leaves the old file or the new one.
expected<void> write_file(const fs::path& file, BIO* from, mode_t mode) {
  const char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(from, &text));
  const fs::path beside = file.string() + ".new";
  ::unlink(beside.c_str());
  const int to = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (to < 0) return cannot("write", file);
  const bool written = ::write(to, text, size) == static_cast<ssize_t>(size) && ::fsync(to) == 0;
  ::close(to);
  if (!written || ::rename(beside.c_str(), file.c_str()) != 0) {
    ::unlink(beside.c_str());
    return cannot("write", file);
  }
  return {};
}

expected<void> write_identity(const identity& what, const fs::path& folder, const std::string& name,
                              std::vector<fs::path>& written) {
  const bio_ptr key(BIO_new(BIO_s_mem()));
  const bio_ptr certificate(BIO_new(BIO_s_mem()));
  if (!what.certificate || !key || !certificate ||
      PEM_write_bio_PrivateKey(key.get(), what.key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1 ||
      PEM_write_bio_X509(certificate.get(), what.certificate.get()) != 1) {
    return fail(errc::internal, "OpenSSL could not make the certificate of " + name);
  }
  if (auto done = write_file(key_file(folder, name), key.get(), S_IRUSR | S_IWUSR); !done) {
    return done;
  }
  constexpr mode_t for_all = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
  if (auto done = write_file(certificate_file(folder, name), certificate.get(), for_all); !done) {
    return done;
  }
  written.push_back(certificate_file(folder, name));
  written.push_back(key_file(folder, name));
  return {};
}

expected<identity> read_ca(const fs::path& folder) {
  const auto open = [](const fs::path& file) { return bio_ptr(BIO_new_file(file.c_str(), "r")); };
  identity ca;
  if (const auto file = open(certificate_file(folder, "ca"))) {
    ca.certificate.reset(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  }
  if (const auto file = open(key_file(folder, "ca"))) {
    const auto nobody_types = [](char*, int, int, void*) { return 0; };
    ca.key.reset(PEM_read_bio_PrivateKey(file.get(), nullptr, nobody_types, nullptr));
  }
  if (!ca.certificate || !ca.key ||
      X509_check_private_key(ca.certificate.get(), ca.key.get()) != 1) {
    return fail(errc::invalid_field,
                "ca.pem and ca.key in \"" + folder.string() + "\" are no certificate and its key");
  }
  return ca;
}

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(file, ignored));
}

}  // namespace

bool is_node_name(const std::string& name) {
  return !name.empty() && name.size() <= longest_name && name != "ca" && name.front() != '.' &&
         name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '.' || c == '-' || c == '_';
         });
}

expected<std::vector<fs::path>> make_certificates(const certificate_options& with) {
  const fs::path& folder = with.folder;
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) return cannot("make the folder", folder);

  const bool has_ca = is_there(key_file(folder, "ca")) || is_there(certificate_file(folder, "ca"));
  const bool new_ca = !has_ca || (with.force && with.nodes.empty());
  if (!new_ca && with.nodes.empty()) {
    return fail(errc::invalid_field,
                "\"" + folder.string() +
                    "\" has a CA already: add nodes to it with --node NAME, or replace it with "
                    "--force (its certificates are worth nothing then)");
  }
  auto nodes = with.nodes;
  if (nodes.empty()) nodes = {"gateway", "client"};
  for (const auto& each : nodes) {
    if (with.force || !is_there(key_file(folder, each))) continue;
    return fail(errc::invalid_field, "\"" + key_file(folder, each).string() +
                                         "\" is there already; replace it with --force");
  }

  std::vector<fs::path> written;
  identity ca;
  if (new_ca) {
    ca = make_ca();
    if (auto done = write_identity(ca, folder, "ca", written); !done) {
      return tl::unexpected(done.error());
    }
  } else {
    auto read = read_ca(folder);
    if (!read) return tl::unexpected(read.error());
    ca = *std::move(read);
  }
  for (const auto& each : nodes) {
    const auto node = make_node(each, static_cast<long>(with.days), ca);
    if (auto done = write_identity(node, folder, each, written); !done) {
      return tl::unexpected(done.error());
    }
  }
  return written;
}

}  // namespace mutirao::app
