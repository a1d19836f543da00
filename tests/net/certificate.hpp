// Certificates for tests, good and bad ones, made by OpenSSL when they are needed.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_options.hpp"

#include <cstdio>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string>

namespace net_test {

struct certificate_options {
  const char* names = "DNS:localhost,IP:127.0.0.1";  ///< nullptr: no subjectAltName at all
  const char* common_name = "localhost";
  long valid_from = -60;  ///< seconds from now
  long valid_until = 3600;
};

/// A self-signed certificate and its key, in files that go with it.
class certificate {
 public:
  explicit certificate(const certificate_options& options = {}) {
    std::string name = (std::filesystem::temp_directory_path() / "sesame-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), options.valid_from);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), options.valid_until);
    X509_set_pubkey(made.get(), key.get());
    auto* subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(options.common_name), -1, -1,
                               0);
    X509_set_issuer_name(made.get(), subject);
    add(made.get(), NID_basic_constraints, "critical,CA:TRUE");
    if (options.names != nullptr) add(made.get(), NID_subject_alt_name, options.names);
    REQUIRE(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    with_file(files().certificate_chain, [&](std::FILE* out) { PEM_write_X509(out, made.get()); });
    with_file(files().private_key, [&](std::FILE* out) {
      PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  ~certificate() { std::filesystem::remove_all(folder_); }
  certificate(const certificate&) = delete;
  certificate& operator=(const certificate&) = delete;

  [[nodiscard]] sesame::net::tls_files files() const {
    return {folder_ + "/certificate.pem", folder_ + "/key.pem"};
  }

 private:
  static void add(X509* to, int what, const char* value) {
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    REQUIRE(extension != nullptr);
    X509_add_ext(to, extension, -1);
    X509_EXTENSION_free(extension);
  }
  template <class Write>
  static void with_file(const std::string& name, Write write) {
    auto* out = std::fopen(name.c_str(), "w");
    REQUIRE(out != nullptr);
    write(out);
    std::fclose(out);
  }
  std::string folder_;
};

}  // namespace net_test
