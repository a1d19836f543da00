// Requests that try to get past the checks of who calls, each as one row with its exact answer. Most
// carry a good token, so that what is refused is refused for its form.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/http.hpp"

#include "transport/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <initializer_list>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace http_hostile_requests_test {

using namespace transport_test;

// Two servers with one issuer: one has open tools too, the other has none. And what was told to
// whom.
struct scene {
  sesame::test_issuer issuer;
  std::string ann = issuer.mint({.subject = "ann", .scopes = "me records:read"});
  std::string bob = issuer.mint({.subject = "bob", .scopes = "me records:read"});
  mixed_server open{mixed_server::at_home(), issuer};
  running<closed_tools, sesame::jwt_provider> closed{
      {.public_url = "https://mcp.example/base/mcp"}, closed_tools{}, issuer.provider()};
  http_session anns{open, "2025-11-25", bearer(ann)};

  [[nodiscard]] std::string in_session() const { return "Mcp-Session-Id: " + anns.id + "\r\n"; }
};

using from = const scene&;

enum class door { open, closed };

struct attack {
  std::string_view name;
  door at;
  std::string (*text)(from);
  int status;
  std::string_view says;       // what the tool said, or else the whole body
  std::string_view challenge;  // WWW-Authenticate behind the place of the metadata
};

constexpr std::string_view none = "-";
constexpr std::string_view place =
    R"(Bearer resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/base/mcp")";
constexpr std::string_view sign_in = R"(, scope="me records:read")";
constexpr std::string_view bad_token =
    R"(, error="invalid_token", error_description="The access token is malformed or expired")";
constexpr std::string_view bad_request =
    R"(, error="invalid_request", error_description="A request has one Authorization field")";

constexpr std::string_view missing =
    R"({"jsonrpc":"2.0","error":{"code":401,"message":"An access token is required",)"
    R"("data":{"code":"MISSING_TOKEN"}}})";
constexpr std::string_view invalid =
    R"({"jsonrpc":"2.0","error":{"code":401,"message":"The access token is malformed or expired",)"
    R"("data":{"code":"INVALID_TOKEN"}}})";
constexpr std::string_view twice =
    R"({"jsonrpc":"2.0","error":{"code":400,"message":"A request has one Authorization field",)"
    R"("data":{"code":"INVALID_REQUEST"}}})";
constexpr std::string_view nothing_here =
    R"({"jsonrpc":"2.0","error":{"code":-32600,)"
    R"("message":"Invalid request: there is nothing at this path"}})";
constexpr std::string_view no_host =
    R"({"jsonrpc":"2.0","error":{"code":-32600,)"
    R"("message":"Invalid request: this Host is not served here"}})";
constexpr std::string_view no_origin = R"({"jsonrpc":"2.0","error":{"code":-32600,)"
                                       R"("message":"Invalid request: this Origin may not call"}})";
constexpr std::string_view no_method =
    R"({"jsonrpc":"2.0","error":{"code":-32600,)"
    R"("message":"Invalid request: this method is not offered here"}})";
constexpr std::string_view no_json =
    R"({"jsonrpc":"2.0","error":{"code":-32600,)"
    R"("message":"Invalid request: Content-Type must be application/json"}})";
constexpr std::string_view no_session =
    R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"Session not found"}})";
constexpr std::string_view no_session_to_call =
    R"({"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"Session not found"}})";
constexpr std::string_view metadata =
    R"({"resource":"https://mcp.example/base/mcp","authorization_servers":["https://issuer.example"],)"
    R"("scopes_supported":["me","records:read"],"bearer_methods_supported":["header"],)"
    R"("resource_name":"http"})";

// A call of the tool that says who calls.
std::string who(std::string_view more = "") {
  return http_call("who", "{}", more);
}
// The same call, sent to another target, or by another Host, or otherwise changed.
std::string changed(std::string text, std::string_view what, std::string_view into) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), into);
}
std::string to(std::string_view target, std::string_view more = "") {
  return changed(who(more), "/mcp", target);
}
std::string plain(std::string_view method, std::string_view target, std::string_view more = "") {
  return std::string{method} + " " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n" +
         std::string{more} + "\r\n";
}
std::string well_known(std::string_view target, std::string_view more = "") {
  return plain("GET", target, more);
}
// A call with these fields in the place of its Content-Length.
std::string framed(std::string_view framing, std::string_view body, std::string_view more) {
  auto text = http_post("", modern("tools/call", "who") + std::string{more});
  return changed(text, "Content-Length: 0\r\n", framing) + std::string{body};
}
// One of the calls, in one chunk.
std::string chunk(const std::string& body) {
  static constexpr auto digits = "0123456789abcdef"sv;
  std::string size;
  for (auto rest = body.size(); rest != 0; rest /= 16) size.insert(0, 1, digits[rest % 16]);
  return size + "\r\n" + body + "\r\n";
}

const std::initializer_list<attack> attacks{
    // The Authorization field.
    {"two fields, both good", door::open, [](from s) { return who(bearer(s.ann) + bearer(s.ann)); },
     400, twice, bad_request},
    {"two fields of two callers", door::open,
     [](from s) { return who(bearer(s.ann) + bearer(s.bob)); }, 400, twice, bad_request},
    {"a good field and a bad one", door::open,
     [](from s) { return who(bearer(s.ann) + "Authorization: Bearer x\r\n"); }, 400, twice,
     bad_request},
    {"a field of another scheme before a good one", door::open,
     [](from s) { return who("Authorization: Basic YTpi\r\n" + bearer(s.ann)); }, 400, twice,
     bad_request},
    {"an empty field before a good one", door::open,
     [](from s) { return who("Authorization:\r\n" + bearer(s.ann)); }, 400, twice, bad_request},
    {"two fields in two cases", door::closed,
     [](from s) { return who(bearer(s.ann) + "aUTHORIZATION: Bearer " + s.bob + "\r\n"); }, 400,
     twice, bad_request},
    {"two tokens in one field", door::open,
     [](from s) { return who("Authorization: Bearer " + s.ann + ", Bearer " + s.bob + "\r\n"); },
     401, invalid, bad_token},
    {"a folded field", door::open,
     [](from s) { return who("Authorization: Bearer\r\n " + s.ann + "\r\n"); }, 400,
     "malformed header field\n", none},
    {"a space before the colon", door::open,
     [](from s) { return who("Authorization : Bearer " + s.ann + "\r\n"); }, 400,
     "malformed header field\n", none},
    {"a line end of one character", door::open,
     [](from s) { return who("Authorization: Bearer " + s.ann + "\n"); }, 400,
     "lines have to end with CR LF\n", none},
    {"the scheme twice", door::open,
     [](from s) { return who("Authorization: Bearer Bearer " + s.ann + "\r\n"); }, 401, invalid,
     bad_token},
    {"the scheme alone", door::open, [](from) { return who("Authorization: Bearer\r\n"); }, 401,
     invalid, bad_token},
    {"an empty field", door::open, [](from) { return who("Authorization:\r\n"); }, 401, invalid,
     bad_token},
    {"an empty field where nothing is open", door::closed,
     [](from) { return who("Authorization: \r\n"); }, 401, invalid, bad_token},
    {"a tab behind the scheme", door::open,
     [](from s) { return who("Authorization: Bearer\t" + s.ann + "\r\n"); }, 401, invalid,
     bad_token},
    {"a tab before the token", door::open,
     [](from s) { return who("Authorization: Bearer \t" + s.ann + "\r\n"); }, 401, invalid,
     bad_token},
    {"a token in quotes", door::open,
     [](from s) { return who("Authorization: Bearer \"" + s.ann + "\"\r\n"); }, 401, invalid,
     bad_token},
    {"a token by name", door::open,
     [](from s) { return who("Authorization: Bearer token=" + s.ann + "\r\n"); }, 401, invalid,
     bad_token},
    {"something behind the token", door::open,
     [](from s) { return who("Authorization: Bearer " + s.ann + " x\r\n"); }, 401, invalid,
     bad_token},
    {"a comma behind the token", door::open,
     [](from s) { return who("Authorization: Bearer " + s.ann + ",\r\n"); }, 401, invalid,
     bad_token},
    {"a zero byte in the token", door::open,
     [](from s) { return who("Authorization: Bearer " + s.ann + std::string(1, '\0') + "\r\n"); },
     400, "malformed header field\n", none},
    {"a token that is no ASCII", door::open,
     [](from s) { return who("Authorization: Bearer " + s.ann + "\xc3\xa4\r\n"); }, 401, invalid,
     bad_token},
    {"the token without its scheme", door::closed,
     [](from s) { return who("Authorization: " + s.ann + "\r\n"); }, 401, missing, sign_in},
    {"the scheme in another case", door::open,
     [](from s) { return who("Authorization: bEARER " + s.ann + "\r\n"); }, 200, "ann", none},
    {"spaces around the token", door::open,
     [](from s) { return who("Authorization:  Bearer   " + s.ann + " \t \r\n"); }, 200, "ann",
     none},
    {"Basic", door::open, [](from) { return who("Authorization: Basic YW5uOmFubg==\r\n"); }, 200,
     "nobody", none},
    {"Basic where nothing is open", door::closed,
     [](from) { return who("Authorization: Basic YW5uOmFubg==\r\n"); }, 401, missing, sign_in},
    {"a token as DPoP", door::closed,
     [](from s) { return who("Authorization: DPoP " + s.ann + "\r\n"); }, 401, missing, sign_in},
    {"a scheme that begins with ours", door::closed,
     [](from s) { return who("Authorization: Bearer2 " + s.ann + "\r\n"); }, 401, missing, sign_in},
    {"a field too large to be read", door::open,
     [](from) { return who("Authorization: Bearer " + std::string(33 * 1024, 'a') + "\r\n"); }, 431,
     "header fields too large\n", none},

    // Tokens, and names, in other places.
    {"a token in the query", door::open, [](from s) { return to("/mcp?access_token=" + s.ann); },
     200, "nobody", none},
    {"a token in the query where nothing is open", door::closed,
     [](from s) { return to("/mcp?access_token=" + s.ann); }, 401, missing, sign_in},
    {"a token in a form", door::open,
     [](from s) {
       return http_post("access_token=" + s.ann, "", "application/x-www-form-urlencoded");
     },
     415, no_json, none},
    {"a token in the message", door::open,
     [](from s) {
       return http_post(stateless(1, "tools/call",
                                  R"("name":"who","arguments":{},"access_token":")" + s.ann + '"'),
                        modern("tools/call", "who"));
     },
     200, "nobody", none},
    {"a token in _meta, as away from HTTP", door::open,
     [](from s) { return http_call("who", "{}", "", meta("{}", authorization(s.ann))); }, 200,
     "nobody", none},
    {"a token in _meta where nothing is open", door::closed,
     [](from s) { return http_call("read", "{}", "", meta("{}", authorization(s.ann))); }, 401,
     missing, sign_in},
    {"another caller in _meta than in the field", door::open,
     [](from s) { return http_call("who", "{}", bearer(s.ann), meta("{}", authorization(s.bob))); },
     200, "ann", none},
    {"a good token in _meta and a bad one in the field", door::open,
     [](from s) {
       return http_call("who", "{}", "Authorization: Bearer x\r\n",
                        meta("{}", authorization(s.bob)));
     },
     401, invalid, bad_token},
    {"a token in a cookie", door::open,
     [](from s) { return who("Cookie: access_token=" + s.ann + "; Authorization=Bearer\r\n"); },
     200, "nobody", none},
    {"a token for a proxy", door::open,
     [](from s) { return who("Proxy-Authorization: Bearer " + s.ann + "\r\n"); }, 200, "nobody",
     none},
    {"a token in a trailer", door::open,
     [](from s) {
       return framed("Transfer-Encoding: chunked\r\n",
                     chunk(call(1, "who")) + "0\r\n" + bearer(s.ann) + "\r\n", "");
     },
     200, "nobody", none},
    {"names in fields of proxies", door::open,
     [](from) {
       return who(
           "X-Forwarded-User: ann\r\nX-Forwarded-Email: ann@example.com\r\nX-User-Id: ann\r\n"
           "X-Ghost-Owner: ann\r\nX-Auth-Request-User: ann\r\nRemote-User: ann\r\n");
     },
     200, "nobody", none},
    {"names in fields of proxies where nothing is open", door::closed,
     [](from) { return who("X-Forwarded-User: ann\r\nX-Forwarded-For: 127.0.0.1\r\n"); }, 401,
     missing, sign_in},
    {"another name beside a good token", door::open,
     [](from s) { return who(bearer(s.ann) + "X-Forwarded-User: bob\r\n"); }, 200, "ann", none},

    // Methods.
    {"HEAD", door::closed, [](from) { return plain("HEAD", "/mcp"); }, 401, "", sign_in},
    {"HEAD with a token", door::closed, [](from s) { return plain("HEAD", "/mcp", bearer(s.ann)); },
     405, "", none},
    {"TRACE", door::closed, [](from) { return plain("TRACE", "/mcp"); }, 401, missing, sign_in},
    {"TRACE with a token", door::closed,
     [](from s) { return plain("TRACE", "/mcp", bearer(s.ann)); }, 405, no_method, none},
    {"PUT", door::closed, [](from) { return plain("PUT", "/mcp"); }, 401, missing, sign_in},
    {"a method that is POST in another case", door::closed,
     [](from s) { return plain("post", "/mcp", bearer(s.ann)); }, 405, no_method, none},
    {"a method in a field", door::closed,
     [](from) {
       return plain("GET", "/mcp",
                    "X-HTTP-Method-Override: OPTIONS\r\nX-HTTP-Method: OPTIONS\r\n"
                    "X-Method-Override: OPTIONS\r\n");
     },
     401, missing, sign_in},
    {"DELETE in a field", door::open,
     [](from s) {
       return http_post(session_call(1, "who"),
                        bearer(s.ann) + s.in_session() + "X-HTTP-Method-Override: DELETE\r\n");
     },
     200, "ann", none},

    // Paths: none of them leads round the check, and those that would be the endpoint's in another
    // spelling are nothing.
    {"a slash at the end", door::closed, [](from) { return to("/mcp/"); }, 404, nothing_here, none},
    {"capitals", door::closed, [](from) { return to("/MCP"); }, 404, nothing_here, none},
    {"two slashes", door::closed, [](from) { return to("//mcp"); }, 404, nothing_here, none},
    {"a slash that is encoded", door::closed, [](from) { return to("/mcp%2f"); }, 404, nothing_here,
     none},
    {"a letter that is encoded", door::closed, [](from) { return to("/%6dcp"); }, 404, nothing_here,
     none},
    {"a dot segment", door::closed, [](from) { return to("/./mcp"); }, 404, nothing_here, none},
    {"a dot segment behind", door::closed, [](from) { return to("/mcp/."); }, 404, nothing_here,
     none},
    {"a way back", door::closed, [](from) { return to("/open/../mcp"); }, 404, nothing_here, none},
    {"a way back that is encoded", door::closed, [](from) { return to("/.well-known/%2e%2e/mcp"); },
     404, nothing_here, none},
    {"a path parameter", door::closed, [](from) { return to("/mcp;a=b"); }, 404, nothing_here,
     none},
    {"a zero byte that is encoded", door::closed, [](from) { return to("/mcp%00"); }, 404,
     nothing_here, none},
    {"a file", door::closed, [](from) { return to("/mcp/../../../../etc/passwd"); }, 404,
     nothing_here, none},
    {"the path of the old transport", door::closed, [](from) { return plain("GET", "/sse"); }, 404,
     nothing_here, none},
    {"a fragment", door::closed, [](from) { return to("/mcp#x"); }, 400,
     "malformed request target\n", none},
    {"a backslash", door::closed, [](from) { return to("/\\mcp"); }, 400,
     "malformed request target\n", none},
    {"a query", door::closed, [](from) { return to("/mcp?a=/.well-known/"); }, 401, missing,
     sign_in},
    {"a whole URL", door::closed, [](from) { return to("http://localhost/mcp"); }, 401, missing,
     sign_in},
    {"a whole URL of another host", door::closed,
     [](from) { return to("http://evil.example/mcp"); }, 403, no_host, none},
    {"a whole URL of another host, whose Host is ours", door::open,
     [](from s) { return to("http://evil.example/mcp", bearer(s.ann)); }, 403, no_host, none},
    {"no path", door::closed, [](from) { return plain("OPTIONS", "*"); }, 404, nothing_here, none},
    {"a tunnel", door::closed,
     [](from) { return "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n"s; },
     501, "method not implemented\n", none},

    // The metadata.
    {"the metadata", door::closed,
     [](from) { return well_known("/.well-known/oauth-protected-resource/base/mcp"); }, 200,
     metadata, none},
    {"the metadata by another name", door::closed,
     [](from) {
       return well_known("/.well-known/oauth-protected-resource",
                         "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: http\r\n"
                         "X-Forwarded-Prefix: /evil\r\nX-Forwarded-Server: evil.example\r\n"
                         "X-Original-URL: /evil\r\nX-Rewrite-URL: /evil\r\n"
                         "Forwarded: host=evil.example;proto=http\r\n");
     },
     200, metadata, none},
    {"the metadata of another resource", door::closed,
     [](from) {
       return well_known("/.well-known/oauth-protected-resource?resource=https://evil.example");
     },
     200, metadata, none},
    {"the metadata with a bad token", door::closed,
     [](from) {
       return well_known("/.well-known/oauth-protected-resource", "Authorization: Bearer x\r\n");
     },
     200, metadata, none},
    {"the metadata of a path that is not ours", door::closed,
     [](from) { return well_known("/.well-known/oauth-protected-resource/mcp"); }, 404,
     nothing_here, none},
    {"the metadata with a slash", door::closed,
     [](from) { return well_known("/.well-known/oauth-protected-resource/"); }, 404, nothing_here,
     none},
    {"the metadata behind two slashes", door::closed,
     [](from) { return well_known("//.well-known/oauth-protected-resource"); }, 404, nothing_here,
     none},
    {"the metadata in capitals", door::closed,
     [](from) { return well_known("/.Well-Known/oauth-protected-resource"); }, 404, nothing_here,
     none},
    {"the metadata of a server that issues", door::closed,
     [](from) { return well_known("/.well-known/oauth-authorization-server"); }, 404, nothing_here,
     none},
    {"the metadata, to be written", door::closed,
     [](from) { return plain("PUT", "/.well-known/oauth-protected-resource"); }, 405, "", none},
    {"a challenge with another name", door::closed,
     [](from) { return who("X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n"); },
     401, missing, sign_in},

    // Host and Origin.
    {"a name that was bound anew", door::open,
     [](from s) { return changed(who(bearer(s.ann)), "localhost", "evil.example"); }, 403, no_host,
     none},
    {"a name that was bound anew, for the metadata", door::closed,
     [](from) {
       return changed(well_known("/.well-known/oauth-protected-resource"), "localhost",
                      "evil.example");
     },
     403, no_host, none},
    {"a host that begins with ours", door::open,
     [](from s) { return changed(who(bearer(s.ann)), "localhost", "localhost.evil.example"); }, 403,
     no_host, none},
    {"a host that ends with ours", door::open,
     [](from s) { return changed(who(bearer(s.ann)), "localhost", "evil.mcp.example"); }, 403,
     no_host, none},
    {"this machine, spelled shortly", door::open,
     [](from s) { return changed(who(bearer(s.ann)), "localhost", "127.1"); }, 403, no_host, none},
    {"this machine as a number", door::open,
     [](from s) { return changed(who(bearer(s.ann)), "localhost", "2130706433"); }, 403, no_host,
     none},
    {"this machine in IPv6's clothes", door::open,
     [](from s) { return changed(who(bearer(s.ann)), "localhost", "[::ffff:127.0.0.1]"); }, 403,
     no_host, none},
    {"every address", door::open,
     [](from s) { return changed(who(bearer(s.ann)), "localhost", "0.0.0.0"); }, 403, no_host,
     none},
    {"a host with a user", door::open,
     [](from s) { return changed(who(bearer(s.ann)), "localhost", "localhost@evil.example"); }, 400,
     "missing, repeated or malformed Host\n", none},
    {"two hosts", door::open, [](from s) { return who("Host: evil.example\r\n" + bearer(s.ann)); },
     400, "missing, repeated or malformed Host\n", none},
    {"no host", door::open,
     [](from s) { return changed(who(bearer(s.ann)), "Host: localhost\r\n", ""); }, 400,
     "missing, repeated or malformed Host\n", none},
    {"no host in HTTP/1.0", door::open,
     [](from s) {
       return changed(changed(who(bearer(s.ann)), "Host: localhost\r\n", ""), "HTTP/1.1",
                      "HTTP/1.0");
     },
     403, no_host, none},
    {"another host by a proxy", door::open,
     [](from s) { return who(bearer(s.ann) + "X-Forwarded-Host: evil.example\r\n"); }, 200, "ann",
     none},
    {"a page elsewhere", door::open,
     [](from s) { return who(bearer(s.ann) + "Origin: https://evil.example\r\n"); }, 403, no_origin,
     none},
    {"a page in a sandbox", door::open,
     [](from s) { return who(bearer(s.ann) + "Origin: null\r\n"); }, 403, no_origin, none},
    {"an empty Origin", door::open, [](from s) { return who(bearer(s.ann) + "Origin:\r\n"); }, 403,
     no_origin, none},
    {"an Origin that begins with ours", door::open,
     [](from s) { return who(bearer(s.ann) + "Origin: https://mcp.example.evil.example\r\n"); },
     403, no_origin, none},
    {"our Origin without TLS", door::open,
     [](from s) { return who(bearer(s.ann) + "Origin: http://mcp.example\r\n"); }, 403, no_origin,
     none},
    {"two Origins", door::open,
     [](from s) {
       return who(bearer(s.ann) +
                  "Origin: https://mcp.example\r\nOrigin: https://evil.example\r\n");
     },
     403, no_origin, none},
    {"a page elsewhere that asks what it may send", door::open,
     [](from) { return plain("OPTIONS", "/mcp", "Origin: https://evil.example\r\n"); }, 403,
     no_origin, none},
    {"what a page may send unasked", door::open,
     [](from s) { return http_post(call(1, "who"), bearer(s.ann), "text/plain"); }, 415, no_json,
     none},
    {"JSON that a page may send unasked", door::open,
     [](from s) {
       return http_post(call(1, "who"), bearer(s.ann), "text/plain; x=application/json");
     },
     415, no_json, none},

    // Two readings of one message.
    {"a length and chunks", door::open,
     [](from s) {
       return framed("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n",
                     bearer(s.ann));
     },
     400, "malformed or ambiguous Content-Length\n", none},
    {"chunks and a length", door::open,
     [](from s) {
       return framed("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n",
                     bearer(s.ann));
     },
     400, "malformed or ambiguous Content-Length\n", none},
    {"two lengths", door::open,
     [](from s) {
       return framed("Content-Length: 2\r\nContent-Length: 2\r\n", "{}", bearer(s.ann));
     },
     400, "malformed or ambiguous Content-Length\n", none},
    {"two lengths in one field", door::open,
     [](from s) { return framed("Content-Length: 2, 2\r\n", "{}", bearer(s.ann)); }, 400,
     "malformed or ambiguous Content-Length\n", none},
    {"a length with a sign", door::open,
     [](from s) { return framed("Content-Length: +2\r\n", "{}", bearer(s.ann)); }, 400,
     "malformed or ambiguous Content-Length\n", none},
    {"a length in hexadecimal", door::open,
     [](from s) { return framed("Content-Length: 0x2\r\n", "{}", bearer(s.ann)); }, 400,
     "malformed or ambiguous Content-Length\n", none},
    {"a length beyond 64 bits", door::open,
     [](from s) { return framed("Content-Length: 18446744073709551618\r\n", "{}", bearer(s.ann)); },
     400, "malformed or ambiguous Content-Length\n", none},
    {"chunks in another coding", door::open,
     [](from s) {
       return framed("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n", bearer(s.ann));
     },
     501, "transfer coding not implemented\n", none},
    {"chunks of another name", door::open,
     [](from s) { return framed("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", bearer(s.ann)); },
     501, "transfer coding not implemented\n", none},
    {"chunks twice", door::open,
     [](from s) {
       return framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n",
                     bearer(s.ann));
     },
     400, "malformed Transfer-Encoding\n", none},
    {"chunks behind a space", door::open,
     [](from s) { return framed("Transfer-Encoding : chunked\r\n", "0\r\n\r\n", bearer(s.ann)); },
     400, "malformed header field\n", none},
    {"chunks in HTTP/1.0", door::open,
     [](from s) {
       return changed(framed("Transfer-Encoding: chunked\r\n", "0\r\n\r\n", bearer(s.ann)),
                      "HTTP/1.1", "HTTP/1.0");
     },
     400, "malformed Transfer-Encoding\n", none},
    {"a chunk whose size has a sign", door::open,
     [](from s) { return framed("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n", bearer(s.ann)); },
     400, "malformed chunked body\n", none},
    {"a chunk of more than 64 bits", door::open,
     [](from s) {
       return framed("Transfer-Encoding: chunked\r\n", "10000000000000002\r\n{}\r\n0\r\n\r\n",
                     bearer(s.ann));
     },
     400, "malformed chunked body\n", none},
    {"a chunk that is longer than it says", door::open,
     [](from s) {
       return framed("Transfer-Encoding: chunked\r\n", "2\r\n{}GET /mcp HTTP/1.1\r\n\r\n",
                     bearer(s.ann));
     },
     400, "malformed chunked body\n", none},
    {"a chunk with a line end of one character", door::open,
     [](from s) {
       return framed("Transfer-Encoding: chunked\r\n", "2;a\n{}\r\n0\r\n\r\n", bearer(s.ann));
     },
     400, "lines have to end with CR LF\n", none},
    {"HTTP/2 without a word", door::open, [](from) { return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s; },
     505, "HTTP/1.1 or HTTP/1.0 is needed\n", none},
    {"an upgrade to HTTP/2", door::open,
     [](from) { return who("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"); }, 200,
     "nobody", none},
    {"fields without end", door::open,
     [](from s) {
       std::string many;
       for (int i = 0; i < 70; ++i) many += "A: b\r\n";
       return who(many + bearer(s.ann));
     },
     431, "header fields too large\n", none},

    // Sessions: knowing an id proves nothing.
    {"another caller's session", door::open,
     [](from s) { return http_post(session_call(1, "who"), bearer(s.bob) + s.in_session()); }, 404,
     no_session_to_call, none},
    {"another caller's session, by nobody", door::open,
     [](from s) { return http_post(session_call(1, "who"), s.in_session()); }, 404,
     no_session_to_call, none},
    {"a session that is not there", door::open,
     [](from s) {
       return http_post(session_call(1, "who"), bearer(s.bob) + "Mcp-Session-Id: x\r\n");
     },
     404, no_session_to_call, none},
    {"a session whose id is a path", door::open,
     [](from s) {
       return http_post(session_call(1, "who"),
                        bearer(s.ann) + "Mcp-Session-Id: ../" + s.anns.id + "\r\n");
     },
     404, no_session_to_call, none},
    {"another caller's stream", door::open,
     [](from s) {
       return plain("GET", "/mcp",
                    "Accept: text/event-stream\r\n" + bearer(s.bob) + s.in_session());
     },
     404, no_session, none},
    {"another caller's events", door::open,
     [](from s) {
       return plain(
           "GET", "/mcp",
           "Accept: text/event-stream\r\nLast-Event-ID: 0-0\r\n" + bearer(s.bob) + s.in_session());
     },
     404, no_session, none},
    {"the end of another caller's session", door::open,
     [](from s) { return plain("DELETE", "/mcp", bearer(s.bob) + s.in_session()); }, 404,
     no_session, none},
    {"the end of a caller's session, by nobody", door::open,
     [](from s) { return plain("DELETE", "/mcp", s.in_session()); }, 404, no_session, none},
    {"a session without a token where nothing is open", door::closed,
     [](from s) { return http_post(session_call(1, "read"), s.in_session()); }, 401, missing,
     sign_in},
};

TEST_CASE("a hostile request has its one answer, and nothing behind it") {
  const scene s;
  CHECK(attacks.size() > 120);
  for (const auto& row : attacks) {
    CAPTURE(row.name);
    client peer{row.at == door::open ? s.open.http.port() : s.closed.http.port()};
    peer.send(row.text(s));
    const bool to_head = row.name.starts_with("HEAD");
    const auto got = peer.read(to_head);
    CHECK(got.status == row.status);
    const bool called = row.status == 200 && row.says != metadata;
    CHECK((called ? said(got.body) : got.body) == row.says);
    CHECK(got.field("WWW-Authenticate").value_or("-") ==
          (row.challenge == none ? "-"s : std::string{place} + std::string{row.challenge}));
    CHECK(!got.field("Access-Control-Allow-Credentials"));
    CHECK(!got.field("Server"));
    CHECK(!got.field("Set-Cookie"));
    CHECK(!got.field("Location"));
    // No second answer to what might be read as a second request.
    peer.stop_sending();
    CHECK(peer.rest().empty());
    for (const auto* secret : {&s.ann, &s.bob, &s.anns.id}) {
      CHECK(got.head.find(*secret) == std::string::npos);
      CHECK(got.body.find(*secret) == std::string::npos);
    }
  }
  // Ann's session has outlived all of it, and no token is in the logs.
  CHECK(said(s.anns.post(session_call(1, "who")).body) == "ann");
  for (const auto* log : {&s.open.log, &s.closed.log})
    for (const auto* secret : {&s.ann, &s.bob, &s.anns.id}) {
      CHECK_FALSE(log->mention(*secret));
      CHECK_FALSE(log->mention(secret->substr(secret->rfind('.') + 1)));
    }
}

TEST_CASE("a connection does not remember who used it before") {
  const scene s;
  client peer{s.open.http.port()};
  // All at once, so that one buffer holds them.
  peer.send(who(bearer(s.ann)) + who() + who(bearer(s.bob)) + who() +
            who("Authorization: Bearer x\r\n") + who() + who(bearer(s.ann)));
  for (const auto name : {"ann", "nobody", "bob", "nobody"}) CHECK(said(peer.read().body) == name);
  CHECK(peer.read().status == 401);
  for (const auto name : {"nobody", "ann"}) CHECK(said(peer.read().body) == name);
}

TEST_CASE("a token that was taken is refused from the second on that it expires in") {
  const sesame::test_issuer issuer;
  auto settings = issuer.settings();
  settings.leeway = 0s;
  running<open_tools, closed_tools, sesame::jwt_provider> server{
      mixed_server::at_home(), open_tools{}, closed_tools{}, sesame::jwt_provider{settings}};
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto token = issuer.mint({.subject = "ann", .expires_in = 3s, .now = now});
  for (int i = 0; i < 3; ++i) CHECK(said(server.ask(who(bearer(token))).body) == "ann");
  std::this_thread::sleep_until(now + 3s);
  const auto got = server.ask(who(bearer(token)));
  CHECK(got.status == 401);
  CHECK(got.body == invalid);
  CHECK(server.log.mention("a token was refused: the token has expired"));
}

}  // namespace http_hostile_requests_test
