// SPDX-License-Identifier: Apache-2.0
// Reads and writes the config.json of a model of speech and texts.
#include "models/speech_text/config.h"

#include <algorithm>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr size_t digits_of_hash = 64;

bool is_hexadecimal(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

PlacedModel read_place(const Json& json) {
  PlacedModel place;
  place.path = json.get_string("path");
  if (place.path.empty()) fail("{}: is empty: expected the path of a model's directory", json.where("path"));
  place.hash = json.get_string("sha256");
  if (place.hash.size() != digits_of_hash || !is_hexadecimal(place.hash))
    fail("{}: {}: expected {} hexadecimal digits", json.where("sha256"), quote(place.hash), digits_of_hash);
  place.width = json.get_int("hidden_size", 1, INT32_MAX);
  return place;
}

Json json_of(const PlacedModel& place) {
  return Json::object().set("path", place.path).set("sha256", place.hash).set("hidden_size", place.width);
}

}  // namespace

SpeechTextConfig SpeechTextConfig::from_json(const Json& json) {
  SpeechTextConfig c;
  c.read_shared(json, model_type);
  c.audio = read_place(json.get_object("audio_model"));
  c.text = read_place(json.get_object("text_model"));
  c.read_keys(json);
  return c;
}

Json SpeechTextConfig::to_json(const std::string& architecture) const {
  Json out = shared_json(model_type, architecture);
  out.set("audio_model", json_of(audio));
  out.set("text_model", json_of(text));
  write_keys(out);
  return out;
}

}  // namespace thaw
