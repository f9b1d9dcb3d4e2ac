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

// For a person: the rule counts for a parameter of that name because of another name that it has.
std::string tie_note(const std::string& rule, const std::string& parameter, const std::string& other_name);
// A line of that kind for each parameter whose own name the pattern does not match, but another.
std::vector<std::string> tie_notes(const ParameterStore& store, const NamePattern& pattern, const std::string& rule);

}  // namespace thaw
