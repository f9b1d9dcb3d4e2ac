// SPDX-License-Identifier: Apache-2.0
// Adapters as a whole: which a model has, taken off again, put on a twin.
#pragma once

#include <functional>
#include <vector>

#include "nn/attention_prefix.h"
#include "nn/parameter.h"
#include "nn/product.h"
#include "nn/soft_prompt.h"

namespace thaw {

std::vector<Parameter> parameters_of(const LowRankAdapter& adapter);
std::vector<Parameter> parameters_of(const ScalingAdapter& adapter);
std::vector<Parameter> parameters_of(const BottleneckAdapter& adapter);
// Those of all adapters: product by product, then prompts, then prefixes.
std::vector<Parameter> adapter_parameters(const ParameterStore& store);

// Takes off the adapters whose first parameter is one of which `which` says so; their parameters leave the store.
void take_off_adapters(ParameterStore& store, Product& product, const std::function<bool(const Parameter&)>& which);
void take_off_adapters(ParameterStore& store, SoftPrompt& prompt, const std::function<bool(const Parameter&)>& which);
void take_off_adapters(ParameterStore& store, AttentionPrefix& prefix,
                       const std::function<bool(const Parameter&)>& which);

// Puts the same adapters, at their beginning, on a model made of the same modules: its twin on another device.
void put_on_same_adapters(const ParameterStore& like, ParameterStore& store);

}  // namespace thaw
