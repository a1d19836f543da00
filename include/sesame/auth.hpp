// Who is calling, and may they? Principals, providers and what they are made of. Decisions here are
// pure functions over tokens, keys and a moment; nothing in this room does input or output.
//
//     const sesame::jwt_provider provider{{.issuer = "https://id.example.com/",
//                                          .audiences = {"https://api.example.com/mcp"},
//                                          .keys = {sesame::verification_key::from_pem(pem)}}};
//     const auto caller = provider.verify(token, std::chrono::system_clock::now());
//     if (caller && caller->scopes.contains("records:read")) ...
//
// `sesame/auth/test_issuer.hpp` is not part of it: include that where it is wanted.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/any_provider.hpp"
#include "sesame/auth/api_key.hpp"
#include "sesame/auth/challenge.hpp"
#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/claim_place.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/client_authentication.hpp"
#include "sesame/auth/crypto.hpp"
#include "sesame/auth/current_principal.hpp"
#include "sesame/auth/custom_provider.hpp"
#include "sesame/auth/dpop.hpp"
#include "sesame/auth/introspection_provider.hpp"
#include "sesame/auth/issuer_metadata.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwks_cache.hpp"
#include "sesame/auth/jwks_provider.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/jwt_provider.hpp"
#include "sesame/auth/opaque_provider.hpp"
#include "sesame/auth/opaque_row.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/provider_row.hpp"
#include "sesame/auth/provider_settings.hpp"
#include "sesame/auth/provider_table.hpp"
#include "sesame/auth/providers.hpp"
#include "sesame/auth/resource_metadata.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/auth/signature.hpp"
#include "sesame/auth/signing_key.hpp"
#include "sesame/auth/text_set.hpp"
#include "sesame/auth/token_cache.hpp"
#include "sesame/auth/token_endpoint.hpp"
#include "sesame/auth/token_inquiries.hpp"
#include "sesame/auth/user_info.hpp"
