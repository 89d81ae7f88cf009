// A provider of another make for tests and the demo: npm's oidc-provider, on loopback, with one page on which anybody is
// whoever they say. An address is that person's email; `unverified@…` is one that the provider does not call verified,
// and a name without @ has none. Settings come by environment:
//   PORT (a free one), OIDC_CLIENT_ID (flowhq), OIDC_CLIENT_SECRET, OIDC_REDIRECTS (separated by spaces).
// Says `issuer URL` when it listens.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';

const server = createServer();
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const account = (id) => {
    const claims = { sub: id.toLowerCase(), name: id.split(/[@+]/)[0] };
    if (id.includes('@')) {
        claims.email = id;
        claims.email_verified = !id.startsWith('unverified@');
    }
    return { accountId: id, claims: async () => claims };
};

const provider = new Provider(issuer, {
    clients: [{
        client_id: process.env.OIDC_CLIENT_ID ?? 'flowhq',
        client_secret: process.env.OIDC_CLIENT_SECRET ?? randomBytes(24).toString('hex'),
        redirect_uris: (process.env.OIDC_REDIRECTS ?? 'http://127.0.0.1:3001/api/auth/callback/oidc').split(' '),
        response_types: ['code'],
        grant_types: ['authorization_code'],
    }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'locale'] },
    // As its makers have it: claims of scopes are answered by the userinfo endpoint.
    conformIdTokenClaims: true,
    cookies: { keys: [randomBytes(32).toString('hex')] },
    features: { devInteractions: { enabled: false } },
    findAccount: async (_context, id) => account(id),
    interactions: { url: async (_context, interaction) => `/who/${interaction.uid}` },
    // Whoever says who they are has consented.
    async loadExistingGrant(context) {
        const grant = new context.oidc.provider.Grant({
            clientId: context.oidc.client.clientId,
            accountId: context.oidc.session.accountId,
        });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
    },
    pkce: { required: () => true },
    renderError: async (context, out) => {
        context.type = 'text/plain';
        context.body = `${out.error}: ${out.error_description ?? ''}\n`;
    },
});
provider.on('server_error', (_context, error) => console.error(error));

const page = (uid, hint) => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A provider for trying</title>
<body style="font:1.1rem system-ui;max-width:24rem;margin:3rem auto;padding:0 1rem">
<h1>A provider for trying</h1><p>You are whoever you say here. It stands in for Google.</p>
<form method="post" action="/who/${uid}">
<p><label>Your email address<br><input name="login" value="${hint}" style="font:inherit;width:100%" autofocus></label></p>
<p><button style="font:inherit">Continue</button> <button name="cancel" value="yes" style="font:inherit">Cancel</button></p>
</form></body></html>`;

const escaped = (text) => String(text ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

server.on('request', async (request, response) => {
    if (!request.url.startsWith('/who/')) {
        return provider.callback()(request, response);
    }
    try {
        const details = await provider.interactionDetails(request, response);
        if (request.method !== 'POST') {
            response.setHeader('content-type', 'text/html; charset=utf-8');
            return response.end(page(details.uid, escaped(details.params.login_hint)));
        }
        let body = '';
        for await (const part of request) {
            body += part;
        }
        const form = new URLSearchParams(body);
        const result = form.get('cancel') || !form.get('login')
            ? { error: 'access_denied', error_description: 'the person said no' }
            : { login: { accountId: form.get('login').trim() } };
        await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } catch (error) {
        response.statusCode = 400;
        response.setHeader('content-type', 'text/plain');
        response.end(`${error.message}\n`);
    }
});

console.log(`issuer ${issuer}`);
// Whoever started it ends it by closing its input, where that is a pipe.
process.stdin.on('end', () => process.exit(0)).resume();
