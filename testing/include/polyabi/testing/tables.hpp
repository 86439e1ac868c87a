// What the tables of a personality speak of: the structures behind pointers and the maps, read off the signatures of all calls
// and ioctl requests, and off the members of those structures. Tests that iterate over them cannot forget one.
//
//   struct my_visitor {
//     template <class Structure> void structure(std::string_view call);
//     template <class Map> void map(std::string_view call);
//   };
//   testing::visit_tables<environment<P, A, K>>(visitor);      // each as often as it is mentioned
#pragma once

#include <polyabi/core/ioctl_table.hpp>
#include <polyabi/core/trace.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace polyabi::testing {

/// A type as the compiler prints it, without the namespace of polyabi.
template <class T>
std::string type_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  const auto start = text.find("T = ") + 4;
  text = text.substr(start, text.find_first_of(";]", start) - start);
  std::string name{text};
  for (usize at; (at = name.find("polyabi::")) != std::string::npos;) name.erase(at, 9);
  return name;
}

namespace detail {

template <class T>
concept has_map = requires {
  typename T::map::name_type;
};
template <class T>
concept has_raw = requires(T t) {
  t.raw;
};

/// A structure or a member: what it is made of.
template <class T, class Visitor>
void visit_type([[maybe_unused]] Visitor& visitor, [[maybe_unused]] std::string_view call) {
  using type = std::remove_cv_t<std::remove_all_extents_t<T>>;
  if constexpr (polyabi::has_fields<type>) {
    visitor.template structure<type>(call);
    for_each_field<type>([&]<class Field>(Field) { visit_type<field_type<Field>>(visitor, call); });
  } else if constexpr (has_map<type>) {
    visitor.template map<typename type::map>(call);
  } else if constexpr (has_raw<type>) {
    visit_type<decltype(type::raw)>(visitor, call);
  }
}

/// What a tag points to: also structures whose fields have no names. A shape alone (of an argument that a call lacks) is none.
template <class T, class Visitor>
void visit_pointed([[maybe_unused]] Visitor& visitor, [[maybe_unused]] std::string_view call) {
  using type = std::remove_cv_t<std::remove_all_extents_t<T>>;
  if constexpr (!requires { sizeof(type); })
    return;
  else if constexpr (polyabi::has_fields<type> || !std::is_class_v<type> || polyabi::is_scalar<type>)
    visit_type<type>(visitor, call);
  else
    visitor.template structure<type>(call);
}

template <class Env, class Tag>
struct mentioned_by {
  template <class Visitor>
  static void visit(Visitor&, std::string_view) {}
};
template <class Env, template <template <class> class> class Tag, template <class> class S>
struct mentioned_by<Env, Tag<S>> {
  template <class Visitor>
  static void visit(Visitor& v, std::string_view call) {
    visit_pointed<S<typename Env::model>>(v, call);
  }
};
template <class Env, template <class> class S, usize Limit>
struct mentioned_by<Env, arguments::array_in<S, Limit>> : mentioned_by<Env, arguments::in<S>> {};
template <class Env, template <class> class Tag, class T>
requires(!has_map<Tag<T>> && !requires { typename T::name_type; }) struct mentioned_by<Env, Tag<T>> {
  template <class Visitor>
  static void visit(Visitor& v, std::string_view call) {
    visit_pointed<T>(v, call);
  }
};
template <class Env, template <class> class Tag, class Map>
requires requires {
  typename Map::name_type;
}
struct mentioned_by<Env, Tag<Map>> {
  template <class Visitor>
  static void visit(Visitor& v, std::string_view call) {
    v.template map<Map>(call);
  }
};
template <class Env, class Tag>
requires requires {
  typename Tag::traced_as;
}
struct mentioned_by<Env, Tag> : mentioned_by<Env, typename Tag::traced_as> {};

template <class Env, class Signature>
struct signature_mentions;
template <class Env, class R, class... Tags>
struct signature_mentions<Env, R(Tags...)> {
  template <class Visitor>
  static void visit([[maybe_unused]] Visitor& v, [[maybe_unused]] std::string_view call) {
    (mentioned_by<Env, Tags>::visit(v, call), ...);
  }
};

template <class Env, class Row, class Visitor>
void visit_row(Visitor& visitor);

/// Not a lambda in `visit_rows`: its name would hold all of the table's, a hundred kilobytes for each row.
template <class Env, class Visitor>
struct row_visitor {
  Visitor& visitor;

  template <class Row>
  void operator()(Row) const {
    if constexpr (!requires { Row::numbers; })
      visit_row<Env, Row>(visitor);
    else if constexpr (Row::numbers.column[Env::arch::column] != absent)
      visit_row<Env, Row>(visitor);
  }
};

template <class Env, class Table, class Visitor>
void visit_rows(Visitor& visitor) {
  Table::each(row_visitor<Env, Visitor>{visitor});
}

template <class Env, class Row, class Visitor>
void visit_row(Visitor& visitor) {
  using target = typename Row::target;
  signature_mentions<Env, typename Row::signature>::visit(visitor, Row::name);
  if constexpr (ioctl_target<target>) visit_rows<Env, typename target::ioctls>(visitor);
  if constexpr (multiplexed_target<target>) visit_rows<Env, typename target::table>(visitor);
}

} // namespace detail

/// Shows a visitor every structure and map that the tables of an environment mention.
template <class Env, class Visitor>
void visit_tables(Visitor& visitor) {
  visitor.template map<typename Env::personality::errors>("errors");
  visitor.template map<typename Env::personality::signals>("signals");
  detail::visit_rows<Env, typename Env::personality::syscalls>(visitor);
}

} // namespace polyabi::testing
