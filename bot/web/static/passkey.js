// Passkeys: make one, sign in with one; and copying an invitation. Everything works without this file.
"use strict";

(() => {
  const bytes = text => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), letter => letter.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const told = made => JSON.stringify({
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    clientExtensionResults: made.getClientExtensionResults(),
    response: Object.fromEntries(
      ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
        .filter(name => made.response[name])
        .map(name => [name, text(made.response[name])])),
  });

  const asked = async address => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const offered = async (address, act, more) => {
    const offer = await asked(address);
    const options = offer.options;
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    const proof = await act({ publicKey: options });
    const form = new URLSearchParams({ khoa: told(proof), giu: offer.kept, ...more });
    const answer = await fetch(address, { method: "POST", body: form, headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error("refused"), { why: said.why || (said.error && said.error.message) });
    location.assign(said.to);
  };

  const box = document.getElementById("khoa");
  const named = /[a-z]/i.test(location.hostname);
  if (box && window.PublicKeyCredential && window.isSecureContext && named) {
    box.hidden = false;
    const [button, warning] = [box.querySelector("button"), box.querySelector("[role=alert]")];
    button.addEventListener("click", async () => {
      button.disabled = true;
      warning.hidden = true;
      try {
        if (box.dataset.token) {
          await offered(`/desk/moi/${box.dataset.token}/khoa`, o => navigator.credentials.create(o), {});
        } else {
          await offered("/desk/vao/khoa", o => navigator.credentials.get(o), { ve: box.dataset.onward });
        }
      } catch (fault) {
        warning.textContent = fault.why || "Chưa dùng được khóa. Bạn thử lại, hoặc dùng câu mật khẩu.";
        warning.hidden = false;
        button.disabled = false;
      }
    });
  }

  const copy = document.getElementById("chep");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById("loi_moi").value);
      copy.textContent = copy.dataset.done;
    });
  }
})();
