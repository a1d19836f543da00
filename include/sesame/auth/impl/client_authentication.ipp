// What auth/client_authentication.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/client_authentication.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/base64.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/form.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/url.hpp"

#include <string>

namespace sesame::inline v0 {

SESAME_INLINE void client_authentication::check() const {
  if (client_id.empty())
    throw configuration_error("client_id", "name the client that this program is to the issuer");
  if (client_secret.empty())
    throw configuration_error("client_secret", "give what proves that this program is the client");
}

SESAME_INLINE void client_authentication::apply(net::outgoing_request& request) const {
  request.fields.push_back({"Content-Type", std::string{net::form_media_type}});
  switch (method) {
    case client_authentication_method::client_secret_basic:
      request.fields.push_back({"Authorization", basic()});
      break;
    case client_authentication_method::client_secret_post:
      net::append_form_field(request.body, "client_id", client_id);
      net::append_form_field(request.body, "client_secret", client_secret.reveal());
      break;
  }
}

SESAME_INLINE std::string client_authentication::basic() const {
  std::string both;
  net::append_percent_encoded(both, client_id);
  both += ':';
  net::append_percent_encoded(both, client_secret.reveal());
  return "Basic " + json::to_base64(both);
}

}  // namespace sesame::inline v0
