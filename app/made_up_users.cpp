#include "app/made_up_users.hpp"

#include "http/auth.hpp"

namespace mutirao::app {

named_user made_up_admin() {
  return {user_id{7}, "Ana", "Souza", "ana@example.com"};
}

std::vector<account> made_up_users(const std::vector<named_unit>& stored) {
  account admin;
  admin.who = made_up_admin();
  admin.rights.admin = true;
  admin.rights.cargo = "Administradora";
  if (stored.size() <= http::most_units_of_token) admin.rights.units = stored;

  account consultant;
  consultant.who = {user_id{8}, "Bruno", "Lima", "bruno@example.com"};
  consultant.rights.cargo = "Consultor";
  consultant.rights.units = {stored.empty() ? named_unit{unit_id{1}, "Unidade 1"} : stored.front()};

  account newcomer;
  newcomer.who = {user_id{9}, "Carla", "Nunes", "carla@example.com"};
  newcomer.rights.cargo = "Consultora";
  return {admin, consultant, newcomer};
}

}  // namespace mutirao::app
