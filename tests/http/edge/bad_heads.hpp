// Heads that must be refused, each with its error: for the parser alone and over a socket.
#pragma once

#include <string>
#include <vector>

#include "domain/error.hpp"

namespace mutirao::http {

struct bad_head {
  std::string name;
  std::string text;  // with the empty line
  errc code;
};

inline std::string with_header(const std::string& line) {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + line + "\r\n\r\n";
}

inline std::vector<bad_head> bad_heads() {
  const auto bad = errc::malformed_request;
  std::vector<bad_head> all{
      {"no version", "GET /\r\n\r\n", bad},
      {"one word", "GET\r\n\r\n", bad},
      {"not HTTP", "HELO mail.example x\r\n\r\n", bad},
      {"lower-case protocol", "GET / http/1.1\r\nHost: x\r\n\r\n", bad},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", bad},
      {"space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", bad},
      {"fragment in the target", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", bad},
      {"raw UTF-8 in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n", bad},
      {"relative target", "GET a HTTP/1.1\r\nHost: x\r\n\r\n", bad},
      {"star for GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", bad},
      {"absolute target without host", "GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n", bad},
      {"method with a colon", "G:T / HTTP/1.1\r\nHost: x\r\n\r\n", bad},
      {"long method", std::string(33, 'M') + " / HTTP/1.1\r\nHost: x\r\n\r\n", bad},
      {"HTTP/2", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", errc::unsupported_version},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", errc::unsupported_version},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", errc::unsupported_version},
      {"HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", errc::unsupported_version},
      {"long version", "GET / HTTP/1.10\r\nHost: x\r\n\r\n", bad},
      {"no Host", "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n", bad},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", bad},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", bad},
      {"Host list", "GET / HTTP/1.1\r\nHost: x, y\r\n\r\n", bad},
      {"Host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", bad},
      {"long target", "GET /" + std::string(2048, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
       errc::target_too_long},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", bad},
  };
  const auto add = [&](std::string name, const std::string& line, errc code) {
    all.push_back({std::move(name), with_header(line), code});
  };
  for (const char* length : {"abc", "5x", "+5", "-1", "", "5 5", "5,5", "0x5", "5.0", "\xd9\xa5"}) {
    add("length '" + std::string(length) + "'", "Content-Length: " + std::string(length), bad);
  }
  add("two lengths", "Content-Length: 5\r\nContent-Length: 5", bad);
  add("length and chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked", bad);
  add("chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 5", bad);
  add("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", bad);
  for (const char* coding : {"gzip", "gzip, chunked", "identity", "chunked;q=1", "", "xchunked"}) {
    add("coding '" + std::string(coding) + "'", "Transfer-Encoding: " + std::string(coding),
        errc::unsupported_transfer_coding);
  }
  add("space before the colon", "Accept : x", bad);
  add("space before the length's colon", "Content-Length : 5", bad);
  add("folded header", "Accept: x\r\n y", bad);
  add("folded by a tab", "Accept: x\r\n\ty", bad);
  add("no colon", "Accept", bad);
  add("no name", ": x", bad);
  add("name with a space", "My Header: x", bad);
  add("NUL in a value", std::string("Accept: a\0b", 11), bad);
  add("NUL in a name", std::string("Acc\0ept: ab", 11), bad);
  add("CR in a value", "Accept: a\rb", bad);
  add("escape in a value", "Accept: a\x1b[31m", bad);
  add("two tokens", "Authorization: Bearer a\r\nAuthorization: Bearer b", bad);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  add("101 headers", many.substr(0, many.size() - 2), errc::head_too_large);
  return all;
}

}  // namespace mutirao::http
