// SPDX-License-Identifier: Apache-2.0
// JSON as programs log it, a value a line.
#pragma once

#include <string>
#include <string_view>

#include "tensor/io/json.h"

namespace thaw {

// Json::parse for one line, of which `origin` names file and number: messages count bytes from its beginning. Python
// writes numbers that are none as NaN, Infinity and -Infinity; they are read.
Json parse_json_line(std::string_view line, const std::string& origin);

}  // namespace thaw
