// SPDX-License-Identifier: Apache-2.0
// preprocessor_config.json, as the reference library has written it since its "feature extractors".
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "models/image/processor.h"
#include "tensor/check.h"
#include "tensor/io/file_presence.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int64_t longest_edge = 8192;  // of what models see

struct KindFacts {
  ProcessorKind kind;
  std::string_view name;                    // of the class, without its ending
  std::vector<std::string_view> own_steps;  // what only this one does
};

const std::vector<KindFacts>& kinds() {
  static const std::vector<KindFacts> all{{ProcessorKind::vit, "ViT", {}},
                                          {ProcessorKind::clip, "CLIP", {"do_center_crop"}},
                                          {ProcessorKind::vilt, "Vilt", {"do_pad"}},
                                          {ProcessorKind::vivit, "Vivit", {"do_center_crop"}}};
  return all;
}

const KindFacts& facts_of(ProcessorKind kind) {
  return *std::ranges::find(kinds(), kind, [](const KindFacts& facts) { return facts.kind; });
}

std::string class_name(ProcessorKind kind) { return std::string(facts_of(kind).name) + "ImageProcessor"; }

// "CLIPFeatureExtractor", "CLIPImageProcessorFast", ...: old names, and those of other implementations of one class.
std::optional<ProcessorKind> find_kind(std::string_view name) {
  constexpr std::array endings{"ImageProcessor", "ImageProcessorFast", "ImageProcessorPil", "FeatureExtractor",
                               "VideoProcessor"};
  for (const KindFacts& facts : kinds())
    for (const char* ending : endings)
      if (name == std::string(facts.name) + ending) return facts.kind;
  return {};
}

ProcessorKind read_kind(const Json& file, ProcessorKind otherwise) {
  for (const char* key : {"image_processor_type", "video_processor_type", "feature_extractor_type"}) {
    const std::string name = file.get_string_or(key, "");
    if (name.empty()) continue;
    if (const auto kind = find_kind(name)) return *kind;
    fail("{}: {} is not supported: ViT-, CLIP-, Vilt- or VivitImageProcessor is expected", file.where(key),
         quote(name));
  }
  return otherwise;
}

// Of what is not known no step may be asked for: the numbers would be others.
void check_steps(const Json& file, ProcessorKind kind) {
  constexpr std::array all_do{"do_resize", "do_rescale", "do_normalize", "do_convert_rgb"};
  for (const JsonMember& member : file.members()) {
    if (!member.key.starts_with("do_") && member.key != "use_square_size") continue;
    if (!file.get_bool_or(member.key, false)) continue;
    const auto& own = facts_of(kind).own_steps;
    if (std::ranges::find(all_do, member.key) == all_do.end() && std::ranges::find(own, member.key) == own.end())
      fail("{}: true is not supported for {}", file.where(member.key), class_name(kind));
  }
}

// Has an object these keys and no others? What is null counts as not there.
bool has_keys(const Json& object, std::initializer_list<const char*> keys) {
  const auto there = [](const Json* value) { return value && !value->is_null(); };
  return std::ranges::all_of(keys, [&](const char* key) { return there(object.find(key)); }) &&
         std::ranges::count_if(object.members(), [&](const JsonMember& member) { return there(&member.value); }) ==
             std::ssize(keys);
}

PictureSize read_sides(const Json& object) {
  return {object.get_int("height", 1, longest_edge), object.get_int("width", 1, longest_edge)};
}

// A number is a side of a square or, as old files of some classes mean it, the shortest edge.
void read_size(const Json& file, ImageProcessor& processor) {
  const Json* found = file.find("size");
  if (!found || found->is_null()) return;
  const bool takes_sides = processor.kind != ProcessorKind::vilt;
  processor.size = {};
  processor.shortest_edge = 0;
  if (found->is_integer()) {
    const int64_t side = file.get_int("size", 1, longest_edge);
    if (file.get_bool_or("default_to_square", processor.kind == ProcessorKind::vit) && takes_sides) {
      processor.size = {side, side};
    } else {
      processor.shortest_edge = side;
    }
  } else if (found->is_object() && has_keys(*found, {"shortest_edge"})) {
    processor.shortest_edge = found->get_int("shortest_edge", 1, longest_edge);
  } else if (found->is_object() && has_keys(*found, {"height", "width"}) && takes_sides) {
    processor.size = read_sides(*found);
  } else {
    fail("{}: expected a number, {}{{\"shortest_edge\"}}, found {}", file.where("size"),
         takes_sides ? "{\"height\", \"width\"}, " : "", found->describe());
  }
}

void read_crop(const Json& file, ImageProcessor& processor) {
  processor.crops = file.get_bool_or("do_center_crop", processor.crops);
  const Json* found = file.find("crop_size");
  if (!processor.crops || !found || found->is_null()) return;
  if (found->is_integer()) {
    const int64_t side = file.get_int("crop_size", 1, longest_edge);
    processor.crop = {side, side};
  } else if (found->is_object() && has_keys(*found, {"height", "width"})) {
    processor.crop = read_sides(*found);
  } else {
    fail("{}: expected a number or {{\"height\", \"width\"}}", file.where("crop_size"));
  }
}

PictureFilter read_filter(const Json& file, PictureFilter otherwise) {
  constexpr std::array names{"nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"};
  const int64_t number = file.get_int_or("resample", static_cast<int64_t>(otherwise), 0, names.size() - 1);
  if (number != 2 && number != 3)
    fail("{}: {} ({}) is not supported, only 2 (bilinear) and 3 (bicubic)", file.where("resample"), number,
         names[static_cast<size_t>(number)]);
  return static_cast<PictureFilter>(number);
}

std::vector<double> read_channels(const Json& file, const char* key, std::vector<double> otherwise, double least) {
  const Json* found = file.find(key);
  if (!found || found->is_null()) return otherwise;
  if (!found->is_array() || (found->size() != 1 && found->size() != 3))
    fail("{}: expected 3 numbers, or 1 for grey pictures", file.where(key));
  std::vector<double> numbers;
  for (size_t i = 0; i < found->size(); ++i) numbers.push_back(found->get_number(i, least, 1e6));
  return numbers;
}

Json sides(PictureSize size) { return Json::object().set("height", size.height).set("width", size.width); }

// The member of a directory's file, or all of it.
std::optional<Json> find_json(const std::string& path, std::string_view member) {
  if (!is_there(path)) return {};
  Json file = Json::read(path);
  if (member.empty()) return file;
  const Json* found = file.is_object() ? file.find(member) : nullptr;
  if (!found || found->is_null()) return {};
  return *found;
}

}  // namespace

ImageProcessor ImageProcessor::usual(ProcessorKind kind) {
  ImageProcessor p;
  p.kind = kind;
  p.json.set("do_convert_rgb", true);
  switch (kind) {
    case ProcessorKind::vit: p.size = {224, 224}; break;
    case ProcessorKind::clip:
      p.shortest_edge = 224;
      p.filter = PictureFilter::bicubic;
      p.crops = true;
      p.crop = {224, 224};
      p.mean = {.48145466, .4578275, .40821073};
      p.deviation = {.26862954, .26130258, .27577711};
      break;
    case ProcessorKind::vilt:
      p.shortest_edge = 384;
      p.divisor = 32;
      p.filter = PictureFilter::bicubic;
      p.json.set("do_pad", true);
      break;
    case ProcessorKind::vivit:
      p.shortest_edge = 256;
      p.crops = true;
      p.crop = {224, 224};
      p.rescale_factor = 1 / 127.5;
      p.offset = true;
      break;
  }
  return p;
}

ImageProcessor ImageProcessor::from_json(const Json& file, ProcessorKind otherwise) {
  if (!file.is_object()) fail("{}: an object is expected, this is {}", file.where(), file.describe());
  ImageProcessor p = usual(read_kind(file, otherwise));
  check_steps(file, p.kind);
  p.resizes = file.get_bool_or("do_resize", p.resizes);
  read_size(file, p);
  if (p.kind == ProcessorKind::vilt) p.divisor = file.get_int_or("size_divisor", p.divisor, 1, longest_edge);
  p.filter = read_filter(file, p.filter);
  read_crop(file, p);
  p.rescales = file.get_bool_or("do_rescale", p.rescales);
  p.rescale_factor = file.get_number_or("rescale_factor", p.rescale_factor, 1e-6, 1e6);
  if (p.kind == ProcessorKind::vivit) p.offset = file.get_bool_or("offset", p.offset);
  p.normalises = file.get_bool_or("do_normalize", p.normalises);
  p.mean = read_channels(file, "image_mean", p.mean, -1e6);
  p.deviation = read_channels(file, "image_std", p.deviation, 1e-6);
  if (p.mean.size() != p.deviation.size())
    fail("{}: {} numbers, and image_mean has {}", file.where("image_std"), p.deviation.size(), p.mean.size());
  if (p.mean.size() == 1 && file.get_bool_or("do_convert_rgb", false))
    fail("{}: three channels are asked for, and image_mean has one number", file.where("do_convert_rgb"));
  p.json = file;
  return p;
}

Json ImageProcessor::to_json() const {
  Json out = json;
  out.erase("feature_extractor_type");
  if (json.get_string_or("video_processor_type", "").empty()) {
    out.erase("video_processor_type");
    out.set("image_processor_type", class_name(kind));
  }
  out.set("do_resize", resizes);
  out.set("size", shortest_edge == 0 ? sides(size) : Json::object().set("shortest_edge", shortest_edge));
  out.set("resample", static_cast<int64_t>(filter));
  if (kind == ProcessorKind::vilt) out.set("size_divisor", divisor);
  if (kind == ProcessorKind::clip || kind == ProcessorKind::vivit) {
    out.set("do_center_crop", crops);
    out.set("crop_size", sides(crop));
  }
  out.set("do_rescale", rescales).set("rescale_factor", rescale_factor);
  if (kind == ProcessorKind::vivit) out.set("offset", offset);
  out.set("do_normalize", normalises).set("image_mean", mean).set("image_std", deviation);
  return out;
}

std::optional<ImageProcessor> find_image_processor(const std::string& directory, ProcessorKind otherwise) {
  std::vector<std::pair<std::string, std::string>> places{{"processor_config.json", "image_processor"},
                                                          {"preprocessor_config.json", ""}};
  if (otherwise == ProcessorKind::vivit)
    places.insert(places.begin(),
                  {{"processor_config.json", "video_processor"}, {"video_preprocessor_config.json", ""}});
  for (const auto& [file, member] : places)
    if (const auto json = find_json(directory + "/" + file, member)) return ImageProcessor::from_json(*json, otherwise);
  return {};
}

}  // namespace thaw
