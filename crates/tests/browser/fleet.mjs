// A fleet as an operator meets it in the morning: 35 tenants, twelve of them linked and seven in different troubles.

/** Makes it in a world, and answers the names of those that need a person, by what is wrong, with what else there is. */
export async function fleet(world) {
  const streets = ["Kariakoo", "Sinza", "Mikocheni", "Mbagala", "Temeke", "Ilala", "Ubungo", "Kinondoni", "Tegeta", "Kigamboni", "Masaki", "Mwenge"];
  const kinds = ["Saluni", "Duka", "Kliniki"];
  const packs = ["BOOKING", "ECOMMERCE", "SUPPORT"];
  const digits = (n) => `25575410${String(n).padStart(4, "0")}`;
  const linked = [];
  for (const [n, street] of streets.entries()) {
    linked.push(await world.linked(`${kinds[n % 3]} ya ${street}`, digits(n), { template_type: packs[n % 3], language: "SW" }));
  }
  for (let n = 12; n < 35; n += 1) await world.tenant(`${kinds[n % 3]} ${n - 11}`, n % 2 ? digits(n) : undefined);
  const others = await world.api("GET", "/admin/tenants?show=new&limit=50");
  // Seven troubles: a device that its phone removed, a locked number, a limited one, another number, a request that waits,
  // one that an operator has suspended, and one that another client has replaced. A code waits to be scanned beside them.
  await world.removed(linked[0], digits(0));
  await world.trouble(linked[1], digits(1), { fault: "refuse_login", reason: 403 }, "REFUSED");
  await world.trouble(linked[2], digits(2), { fault: "ban", seconds: 7200 }, "LIMITED");
  await world.api("PATCH", `/admin/tenants/${others[0].id}`, { phone_number: "+255754199999" });
  await world.otherNumber(others[0].id, "255754188888");
  const owner = { name: "Neema Mushi", email: "neema@example.com" };
  await world.api("POST", "/admin/setup-requests", { tenant_id: others[1].id, owner, template_type: "BOOKING", whatsapp_number: "+255754177777" });
  await world.api("POST", `/admin/tenants/${others[2].id}/worker/start`);
  await world.until(others[2].id, (tenant) => tenant.whatsapp_session.state === "QR_READY");
  await world.api("POST", `/admin/tenants/${linked[3]}/suspend`, { reason: "Deni la mwezi wa kumi" });
  await world.phone("POST", "/v1/faults", { fault: "replaced", scope: "account", number: digits(4), lasts: "times", times: 1 });
  await world.until(linked[4], (tenant) => tenant.health.condition === "REFUSED");
  await world.api("POST", `/admin/tenants/${linked[9]}/worker/stop`);
  for (const [n, at] of [5, 6, 7, 8].entries()) {
    const write = await world.customer(`2557121000${n}0`, ["Asha", "Juma", "Fatma", "Rehema"][n]);
    await write(digits(at), "Habari, mko wazi leo?");
    await world.until(linked[at], (tenant) => tenant.worker_process.last_message_at !== null);
  }
  const name = (n) => `${kinds[n % 3]} ya ${streets[n]}`;
  return {
    troubles: { removed: name(0), refused: name(1), limited: name(2), number: others[0].name, request: others[1].name, suspended: name(3), replaced: name(4) },
    code: others[2].name, paused: name(9),
    id: Object.fromEntries([...linked.map((id, n) => [name(n), id]), ...others.map((tenant) => [tenant.name, tenant.id])]),
  };
}
