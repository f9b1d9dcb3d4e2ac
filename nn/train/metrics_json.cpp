// SPDX-License-Identifier: Apache-2.0
// Numbers and null.
#include "nn/train/metrics_json.h"

#include <cmath>
#include <limits>

namespace thaw {

Json metric_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json metrics_json(const Metrics& metrics) {
  Json json = Json::object();
  for (const auto& [name, value] : metrics) json.set(name, metric_json(value));
  return json;
}

double metric_of(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.as_number();
}

Metrics metrics_of(const Json& object) {
  Metrics metrics;
  for (const JsonMember& member : object.members()) metrics[member.key] = metric_of(member.value);
  return metrics;
}

}  // namespace thaw
