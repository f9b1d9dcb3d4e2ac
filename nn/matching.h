// SPDX-License-Identifier: Apache-2.0
// Which parameters a rule is about.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nn/name_pattern.h"
#include "nn/parameter.h"

namespace thaw {

// Indices into store.all() of the parameters that have a name which matches, their own or another, in order. None:
// std::invalid_argument "RULE matches no parameter", with near names.
std::vector<size_t> matching_parameters(const ParameterStore& store, const NamePattern& pattern,
                                        const std::string& rule);

}  // namespace thaw
