// How bytes arrive and leave: an HTTP/1.1 server, its guards, server-sent events, URLs. Nothing
// here knows what the bytes mean. TLS is apart, in sesame/net/tls.hpp, for what it costs to
// compile.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/address_guard.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/background.hpp"
#include "sesame/net/cache_control.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/net/event.hpp"
#include "sesame/net/form.hpp"
#include "sesame/net/host_guard.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_parser.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/http_response_parser.hpp"
#include "sesame/net/http_server.hpp"
#include "sesame/net/single_flight.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/net/uri.hpp"
#include "sesame/net/url.hpp"
